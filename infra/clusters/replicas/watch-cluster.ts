import type { ClusterHolds } from "#infra/clusters/hold-cluster.ts";
import { isTooLate, openCluster, type Cluster } from "#infra/clusters/ask-cluster.ts";
import { ScalingFollower } from "#infra/clusters/replicas/follow-scaling.ts";
import { look } from "#infra/clusters/replicas/look.ts";
import { LogReader } from "#infra/clusters/replicas/read-all-logs.ts";
import { staleMs, unasked } from "#infra/clusters/replicas/unasked.ts";
import { ApiError, ApiUnreachable } from "#infra/kubernetes/api-client.ts";
import { every, type Loop } from "#infra/local-runtime/loop.ts";
import type { WorkerContext } from "#infra/worker/context.ts";
import { recordUnasked } from "#lib/replicas/record-unasked.ts";
import { Shortages } from "#lib/replicas/shortage.ts";
import { UnsealError } from "#lib/secrets/seal.ts";
import { KubeconfigError } from "#lib/targets/kubernetes/kubeconfig-error.ts";
import { parseKubeconfig } from "#lib/targets/kubernetes/parse-kubeconfig.ts";
import { openTarget } from "#lib/targets/open-target.ts";

export type WatchContext = Pick<WorkerContext, "db" | "clock" | "log" | "sealingKey">;

export type Timing = { everyMs: number; staleMs: number };
export const usualTiming: Timing = { everyMs: 3_000, staleMs };

/** Looks at one registered cluster's replicas and their logs again and again, as long as no other worker does. */
export function watchCluster(
  ctx: WatchContext,
  holds: ClusterHolds,
  targetId: string,
  timing = usualTiming,
): Loop {
  const stopping = new AbortController();
  const round = new Round(ctx, targetId, timing.staleMs);
  // What goes on failing is said once.
  let said = "";
  const loop = every(
    timing.everyMs,
    async () => {
      const held = await holds.hold("replicas", targetId);
      if (!held) return round.forget();
      const isOpen = await round.run(AbortSignal.any([held, stopping.signal]));
      // Another worker may have the key.
      if (!isOpen) await holds.release("replicas", targetId);
      if (said !== "") ctx.log.info({ target: targetId }, "the replicas of a cluster are looked at again");
      said = "";
    },
    (error) => {
      const message = String(error);
      if (stopping.signal.aborted || message === said) return;
      said = message;
      ctx.log.warn({ target: targetId, err: error }, "the replicas of a cluster couldn't be looked at");
    },
  );
  return {
    soon: () => loop.soon(),
    async stop() {
      stopping.abort();
      await loop.stop();
      round.forget();
      await holds.release("replicas", targetId);
    },
  };
}

/** What is kept from look to look. */
class Round {
  readonly #ctx: WatchContext;
  readonly #targetId: string;
  readonly #staleMs: number;
  #opened: { kubeconfig: string; cluster: Cluster } | null = null;
  #answeredAt: { date: Date; ms: number } | null = null;
  /** when it was first asked in vain since it last answered, in milliseconds of a clock that only goes forward */
  #silentSince: number | null = null;
  #ended = new AbortController();
  #shortages = new Shortages();
  #scaling: ScalingFollower;
  readonly #logs: LogReader;

  constructor(ctx: WatchContext, targetId: string, stale: number) {
    this.#ctx = ctx;
    this.#targetId = targetId;
    this.#staleMs = stale;
    this.#scaling = new ScalingFollower(ctx.db);
    this.#logs = new LogReader(ctx.db, ctx.sealingKey);
  }

  /** @returns whether this worker's key opens the kubeconfig */
  async run(signal: AbortSignal): Promise<boolean> {
    const { db, clock } = this.#ctx;
    const target = await db.target.findFirst({ where: { id: this.#targetId, removedAt: null } });
    if (!target) return true;
    try {
      const { kubeconfig } = await openTarget(this.#ctx, target.id);
      const cluster = this.#open(kubeconfig);
      const looking = { db, clock, shortages: this.#shortages, scaling: this.#scaling };
      const pods = await look(looking, cluster, target.id, signal);
      this.#answeredAt = { date: clock.now(), ms: performance.now() };
      this.#silentSince = null;
      await this.#logs.read(cluster, pods, signal);
      return true;
    } catch (error) {
      signal.throwIfAborted();
      if (!isOfCluster(error)) throw error;
      await this.#sayUnasked(error, target.name);
      return !(error instanceof UnsealError);
    }
  }

  /** The connection stays from look to look, as long as the kubeconfig is the same. */
  #open(kubeconfig: string): Cluster {
    if (this.#opened?.kubeconfig === kubeconfig) return this.#opened.cluster;
    this.#opened?.cluster.close();
    this.#opened = null;
    const access = parseKubeconfig(kubeconfig, { now: this.#ctx.clock.now() });
    const cluster = openCluster(access, this.#ended.signal);
    this.#opened = { kubeconfig, cluster };
    return cluster;
  }

  async #sayUnasked(error: unknown, name: string): Promise<void> {
    const now = performance.now();
    this.#silentSince ??= now;
    if (now - (this.#answeredAt?.ms ?? this.#silentSince) < this.#staleMs) return;
    await recordUnasked(this.#ctx.db, this.#targetId, unasked(error, name, this.#answeredAt?.date ?? null));
  }

  /** Another worker looks now: what is remembered is no longer true. */
  forget(): void {
    this.#ended.abort();
    this.#ended = new AbortController();
    this.#opened?.cluster.close();
    this.#opened = null;
    this.#answeredAt = null;
    this.#silentSince = null;
    this.#shortages = new Shortages();
    this.#scaling = new ScalingFollower(this.#ctx.db);
  }
}

/** What is asked in vain, or in a way that can't be. */
function isOfCluster(error: unknown): boolean {
  const kinds = [ApiUnreachable, ApiError, UnsealError, KubeconfigError];
  return isTooLate(error) || kinds.some((kind) => error instanceof kind);
}
