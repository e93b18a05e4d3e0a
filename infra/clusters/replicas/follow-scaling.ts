import { blindnessOf, reasonOf, type Autoscaler } from "#infra/clusters/replicas/autoscaler.ts";
import { variantOf } from "#infra/clusters/replicas/pod.ts";
import type { Db } from "#lib/db.ts";
import type { ScaleStep } from "#lib/replicas/record-log-and-steps.ts";

type LastStep = Pick<ScaleStep, "at" | "from" | "to">;

/**
 * Turns what autoscalers want, look by look, into steps. The first look at one only learns what it wants, unless it has
 * scaled since the last step that is stored: then nobody looked in between.
 */
export class ScalingFollower {
  readonly #db: Db;
  readonly #wanted = new Map<string, number>();
  /** since when an autoscaler is known to have no figures, in milliseconds since 1970 */
  readonly #blind = new Map<string, number>();

  constructor(db: Db) {
    this.#db = db;
  }

  /**
   * The steps since the last look. Each is given once, so they have to be stored.
   *
   * @throws what the database throws
   */
  async stepsOf(deploymentId: string, autoscalers: Autoscaler[], now: Date): Promise<ScaleStep[]> {
    const steps: ScaleStep[] = [];
    for (const autoscaler of autoscalers) {
      const variant = variantOf(autoscaler);
      const last = this.#wanted.has(`${deploymentId}/${variant}`)
        ? null
        : await this.#lastStep(deploymentId, variant);
      steps.push(...this.#stepsOf({ deploymentId, variant, autoscaler, last, now }));
    }
    const names = new Set(autoscalers.map((one) => `${deploymentId}/${variantOf(one)}`));
    for (const known of this.#known()) {
      if (known.startsWith(`${deploymentId}/`) && !names.has(known)) this.#forget(known);
    }
    return steps;
  }

  /** Keeps what belongs to these. */
  keep(deploymentIds: Set<string>): void {
    for (const name of this.#known()) {
      if (!deploymentIds.has(name.slice(0, name.indexOf("/")))) this.#forget(name);
    }
  }

  #known(): Set<string> {
    return new Set([...this.#wanted.keys(), ...this.#blind.keys()]);
  }

  #forget(name: string): void {
    this.#wanted.delete(name);
    this.#blind.delete(name);
  }

  #stepsOf(seen: {
    deploymentId: string;
    variant: string;
    autoscaler: Autoscaler;
    last: LastStep | null;
    now: Date;
  }): ScaleStep[] {
    const { deploymentId, variant, autoscaler, last, now } = seen;
    const { currentReplicas = 0, desiredReplicas = 0, lastScaleTime } = autoscaler.status ?? {};
    const name = `${deploymentId}/${variant}`;
    const steps: ScaleStep[] = [];
    // One that never had a figure hasn't decided anything yet.
    if (desiredReplicas > 0) {
      const scaledAt = lastScaleTime === undefined ? null : new Date(lastScaleTime);
      const to = desiredReplicas;
      const from = this.#wanted.get(name) ?? missedFrom(last, scaledAt) ?? to;
      this.#wanted.set(name, to);
      if (from !== to) {
        const at = scaledAt && now.getTime() - scaledAt.getTime() < 60_000 ? scaledAt : now;
        steps.push({ deploymentId, variant, at, from, to, reason: reasonOf(autoscaler, from, to) });
      }
    }
    const blindness = blindnessOf(autoscaler, now);
    const since = blindness?.since.getTime() ?? null;
    if (blindness && since !== null && this.#blind.get(name) !== since) {
      const isSaid = last !== null && last.from === last.to && last.at.getTime() >= since;
      const to = desiredReplicas || currentReplicas;
      if (!isSaid) steps.push({ deploymentId, variant, at: now, from: to, to, reason: blindness.reason });
    }
    if (since === null) this.#blind.delete(name);
    else this.#blind.set(name, since);
    return steps;
  }

  #lastStep(deploymentId: string, variant: string): Promise<LastStep | null> {
    return this.#db.scaleStep.findFirst({
      where: { deploymentId, variant },
      orderBy: { id: "desc" },
      select: { at: true, from: true, to: true },
    });
  }
}

/** What was wanted when the last step was stored, if a later one wasn't. Times of the cluster are whole seconds. */
function missedFrom(last: LastStep | null, scaledAt: Date | null): number | null {
  if (!last || !scaledAt) return null;
  return scaledAt.getTime() > last.at.getTime() + 1_000 ? last.to : null;
}
