import { visibleTo } from "#lib/auth/visible-to.ts";
import type { Change } from "#lib/changes/publish.ts";
import type { Context } from "#lib/context.ts";

const mostKnown = 1_000;

/**
 * Decides which hints a person may see: those of deployments that they may read, of jobs that they asked for, and
 * those of tools and targets. Looks each up once, unless they are very many.
 */
export class VisibleChanges {
  readonly #ctx: Context;
  readonly #known = new Map<string, Promise<boolean>>();

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  async sees(change: Change): Promise<boolean> {
    switch (change.topic) {
      case "tools":
      case "targets":
        return true;
      case "job":
        return this.#asked(change.jobId);
      case "keys":
        return change.deploymentId === null || this.#mine(change.deploymentId);
      case "operation":
      case "deployment":
        return this.#mine(change.deploymentId);
    }
  }

  #mine(id: string): Promise<boolean> {
    return this.#once(id, () =>
      this.#ctx.db.deployment.count({ where: { id, ...visibleTo(this.#ctx.actor) } }),
    );
  }

  /** A job is seen by who asked for it. */
  #asked(id: string): Promise<boolean> {
    const { actor } = this.#ctx;
    if (actor.type !== "user") return Promise.resolve(false);
    return this.#once(id, () => this.#ctx.db.job.count({ where: { id, requestedById: actor.id } }));
  }

  #once(id: string, count: () => Promise<number>): Promise<boolean> {
    const known = this.#known.get(id);
    if (known) return known;
    const asked = count().then((found) => found > 0);
    asked.catch(() => this.#known.delete(id));
    this.#known.set(id, asked);
    // A stream may be open for weeks: what was looked up first is looked up again, should it come again.
    const [oldest] = this.#known.keys();
    if (this.#known.size > mostKnown && oldest !== undefined) this.#known.delete(oldest);
    return asked;
  }
}
