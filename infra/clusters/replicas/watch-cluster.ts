import type { ClusterPlace } from "#infra/clusters/cluster-place.ts";
import type { ClusterHolds } from "#infra/clusters/hold-cluster.ts";
import { isTooLate } from "#infra/clusters/ask-cluster.ts";
import { ScalingFollower } from "#infra/clusters/replicas/follow-scaling.ts";
import { Connection } from "#infra/clusters/replicas/keep-connection.ts";
import { look } from "#infra/clusters/replicas/look.ts";
import { recordGone } from "#infra/clusters/replicas/record-gone.ts";
import { LogReader } from "#infra/clusters/replicas/read-all-logs.ts";
import { readRows } from "#infra/clusters/replicas/read-rows.ts";
import { isOfGoogle, staleMs, unasked } from "#infra/clusters/replicas/unasked.ts";
import { ApiError, ApiUnreachable } from "#infra/kubernetes/api-client.ts";
import { every, type Loop } from "#infra/local-runtime/loop.ts";
import type { WorkerContext } from "#infra/worker/context.ts";
import { recordUnasked } from "#lib/replicas/record-unasked.ts";
import { Shortages } from "#lib/replicas/shortage.ts";
import { UnsealError } from "#lib/secrets/seal.ts";
import { KubeconfigError } from "#lib/targets/kubernetes/kubeconfig-error.ts";

export type WatchContext = Pick<WorkerContext, "db" | "clock" | "log" | "sealingKey" | "googleEndpoint">;

export type Timing = { everyMs: number; staleMs: number };
export const usualTiming: Timing = { everyMs: 3_000, staleMs };

/** Looks at one cluster's replicas and their logs again and again, as long as no other worker does. */
export function watchCluster(
  ctx: WatchContext,
  holds: ClusterHolds,
  place: ClusterPlace,
  timing = usualTiming,
): Loop {
  const stopping = new AbortController();
  const round = new Round(ctx, place, timing.staleMs);
  const about = { target: place.targetId, ...(place.link && { cluster: place.link }) };
  // What goes on failing is said once.
  let said = "";
  const loop = every(
    timing.everyMs,
    async () => {
      const held = await holds.hold("replicas", place.key);
      if (!held) return round.forget();
      const isOpen = await round.run(AbortSignal.any([held, stopping.signal]));
      // Another worker may have the key.
      if (!isOpen) await holds.release("replicas", place.key);
      if (said !== "") ctx.log.info(about, "the replicas of a cluster are looked at again");
      said = "";
    },
    (error) => {
      const message = String(error);
      if (stopping.signal.aborted || message === said) return;
      said = message;
      ctx.log.warn({ ...about, err: error }, "the replicas of a cluster couldn't be looked at");
    },
  );
  return {
    soon: () => loop.soon(),
    async stop() {
      stopping.abort();
      await loop.stop();
      round.forget();
      await holds.release("replicas", place.key);
    },
  };
}

/** What is kept from look to look. */
class Round {
  readonly #ctx: WatchContext;
  readonly #place: ClusterPlace;
  readonly #staleMs: number;
  readonly #connection: Connection;
  #answeredAt: { date: Date; ms: number } | null = null;
  /** when it was first asked in vain since it last answered, in milliseconds of a clock that only goes forward */
  #silentSince: number | null = null;
  #shortages = new Shortages();
  #scaling: ScalingFollower;
  readonly #logs: LogReader;

  constructor(ctx: WatchContext, place: ClusterPlace, stale: number) {
    this.#ctx = ctx;
    this.#place = place;
    this.#staleMs = stale;
    this.#connection = new Connection(ctx, place);
    this.#scaling = new ScalingFollower(ctx.db);
    this.#logs = new LogReader(ctx.db, ctx.sealingKey);
  }

  /** @returns whether this worker's key opens the target's credentials */
  async run(signal: AbortSignal): Promise<boolean> {
    const { db, clock } = this.#ctx;
    const target = await db.target.findFirst({ where: { id: this.#place.targetId, removedAt: null } });
    if (!target) return true;
    const rows = await readRows(db, this.#place);
    try {
      const cluster = await this.#connection.open(signal);
      const looking = { db, clock, shortages: this.#shortages, scaling: this.#scaling };
      const pods = cluster
        ? await look(looking, cluster, rows, signal)
        : await recordGone(db, rows, this.#place.link ?? "", clock.now());
      this.#answeredAt = { date: clock.now(), ms: performance.now() };
      this.#silentSince = null;
      if (cluster && pods) await this.#logs.read(cluster, pods, signal);
      return true;
    } catch (error) {
      signal.throwIfAborted();
      if (!isOfCluster(error)) throw error;
      this.#connection.doubt();
      await this.#sayUnasked(
        error,
        target.name,
        rows.map(({ id }) => id),
      );
      return !(error instanceof UnsealError);
    }
  }

  async #sayUnasked(error: unknown, name: string, ids: string[]): Promise<void> {
    const now = performance.now();
    this.#silentSince ??= now;
    if (now - (this.#answeredAt?.ms ?? this.#silentSince) < this.#staleMs) return;
    await recordUnasked(this.#ctx.db, ids, unasked(error, name, this.#answeredAt?.date ?? null));
  }

  /** Another worker looks now: what is remembered is no longer true. */
  forget(): void {
    this.#connection.close();
    this.#answeredAt = null;
    this.#silentSince = null;
    this.#shortages = new Shortages();
    this.#scaling = new ScalingFollower(this.#ctx.db);
  }
}

/** What is asked in vain, or in a way that can't be. */
function isOfCluster(error: unknown): boolean {
  const kinds = [ApiUnreachable, ApiError, UnsealError, KubeconfigError];
  return isTooLate(error) || isOfGoogle(error) || kinds.some((kind) => error instanceof kind);
}
