import { attendDeployment, type Attendance } from "#infra/clusters/attend-deployment.ts";
import type { Outside } from "#infra/clusters/domain/look-at-domain.ts";
import { tidyTraffic } from "#infra/clusters/figures/tidy-traffic.ts";
import { OpenProjects } from "#infra/google/open-projects.ts";
import { attendOnGoogle } from "#infra/clusters/attend-on-google.ts";
import { clusterHolds, type ClusterHolds } from "#infra/clusters/hold-cluster.ts";
import { liveDeployments, type LiveDeployment } from "#infra/clusters/live-deployments.ts";
import { rounds } from "#infra/clusters/rounds.ts";
import type { WorkerContext } from "#infra/worker/context.ts";
import { subscribe } from "#lib/changes/subscribe.ts";
import { isDatabaseAway } from "#lib/database-away.ts";
import { parseKubeconfig } from "#lib/targets/kubernetes/parse-kubeconfig.ts";
import { openTarget } from "#lib/targets/open-target.ts";

type Context = Pick<WorkerContext, "db" | "clock" | "log" | "sealingKey" | "googleEndpoint">;

/** What this work on a cluster is called among those that one worker alone does. */
const work = "traffic";
const lookEveryMs = 2_000;
const tidyEveryMs = 60_000;
const unusableMs = 60_000;

/**
 * Attends to all deployments in clusters: brings their keys to the load balancers there, and reads what these count.
 * Each goes on by itself, so that a cluster that doesn't answer keeps no other one waiting.
 */
export function attendClusters(
  ctx: Context,
  options: { databaseUrl: string; outside?: Outside },
): { stop(): Promise<void> } {
  const { db, log, clock } = ctx;
  const stopping = new AbortController();
  const holds = clusterHolds(options.databaseUrl);
  const attendances = new Attendances(ctx, holds, options.outside);
  const told = (what: string) => ({
    failing: (error: unknown) => log.warn({ err: error }, `${what}: failed, and is tried again`),
    well: () => log.info(`${what}: works again`),
  });
  const unreadable = new Set<string>();
  const onUnreadable = (id: string, error: unknown) => {
    if (!unreadable.has(id))
      log.error({ deployment: id, err: error }, "a stored spec can't be read: it isn't attended to");
    unreadable.add(id);
  };
  const looking = rounds(
    async () => {
      await attendances.follow(await liveDeployments(db, onUnreadable));
      return lookEveryMs;
    },
    stopping.signal,
    told("looking for deployments in clusters"),
  );
  const tidying = rounds(
    async () => {
      await tidyTraffic(db, clock.now());
      return tidyEveryMs;
    },
    stopping.signal,
    told("deleting old figures"),
  );
  const watch = subscribe(options.databaseUrl, {
    onChange(change) {
      if (change.topic === "keys") attendances.keysChanged(change.deploymentId);
    },
    onGap: () => attendances.keysChanged(null),
  });
  return {
    async stop() {
      stopping.abort();
      await Promise.all([looking.ended, tidying.ended, watch.close()]);
      await attendances.stop();
      await holds.close();
    },
  };
}

type Running = Attendance & { credentials: string; place: string; hold: AbortSignal; stop(): void };

/** Targets that are asked as the worker's own account have the same credentials, none, and aren't the same. */
const wayOf = ({ targetId, credentials }: LiveDeployment) => `${targetId} ${credentials}`;

/** What is attended to now. */
class Attendances {
  readonly #ctx: Context;
  readonly #holds: ClusterHolds;
  readonly #projects: OpenProjects;
  readonly #outside: Outside | undefined;
  readonly #running = new Map<string, Running>();
  readonly #ending = new Set<Promise<void>>();
  /** targets' credentials, sealed, that couldn't be used, and when each is tried again */
  readonly #unusable = new Map<string, number>();

  constructor(ctx: Context, holds: ClusterHolds, outside: Outside | undefined) {
    this.#ctx = ctx;
    this.#projects = new OpenProjects(ctx.googleEndpoint);
    this.#holds = holds;
    this.#outside = outside;
  }

  /** Begins and ends attendances, so that they are those of these deployments whose cluster is this worker's. */
  async follow(live: LiveDeployment[]): Promise<void> {
    const holds = new Map<string, AbortSignal>();
    const usable = live.filter((one) => !this.#isUnusable(one));
    for (const targetId of new Set(usable.map((one) => one.targetId))) {
      const hold = await this.#holds.hold(work, targetId);
      if (hold) holds.set(targetId, hold);
    }
    const wanted = new Map(live.filter(({ targetId }) => holds.has(targetId)).map((one) => [one.id, one]));
    for (const [id, running] of this.#running) {
      const now = wanted.get(id);
      // Before anything was made, another cluster may be chosen.
      const isSame =
        now?.credentials === running.credentials &&
        now.place.key === running.place &&
        holds.get(now.targetId) === running.hold;
      if (!isSame) this.#end(id, running);
    }
    for (const [id, deployment] of wanted) {
      const running = this.#running.get(id);
      if (running) running.see(deployment);
      else await this.#begin(deployment, holds.get(deployment.targetId)!);
    }
  }

  /** @param deploymentId null: any may be concerned */
  keysChanged(deploymentId: string | null): void {
    for (const [id, one] of this.#running)
      if (deploymentId === null || deploymentId === id) one.keysChanged();
  }

  async stop(): Promise<void> {
    for (const [id, running] of this.#running) this.#end(id, running);
    await Promise.all(this.#ending);
  }

  async #begin(deployment: LiveDeployment, hold: AbortSignal): Promise<void> {
    const { id, targetId, credentials } = deployment;
    if (this.#isUnusable(deployment)) return;
    const { db, clock, log } = this.#ctx;
    const own = new AbortController();
    try {
      const target = await openTarget(this.#ctx, targetId);
      const signal = AbortSignal.any([hold, own.signal]);
      const parts = { db, clock, log, signal };
      const attendance =
        target.kind === "gke"
          ? attendOnGoogle(
              { ...parts, api: await this.#projects.api(target), outside: this.#outside },
              deployment,
            )
          : attendDeployment(
              { ...parts, access: parseKubeconfig(target.kubeconfig, { now: clock.now() }) },
              deployment,
            );
      const place = deployment.place.key;
      this.#running.set(id, { ...attendance, credentials, place, hold, stop: () => own.abort() });
    } catch (error) {
      if (isDatabaseAway(error)) throw error;
      // Its credentials can't be opened or are over: it takes others, or a worker with another key. Told of once.
      if (!this.#unusable.has(wayOf(deployment))) {
        log.warn({ target: targetId, err: error }, "a cluster's deployments can't be attended to");
      }
      this.#unusable.set(wayOf(deployment), performance.now() + unusableMs);
      await this.#holds.release(work, targetId);
    }
  }

  #isUnusable(deployment: LiveDeployment): boolean {
    return performance.now() < (this.#unusable.get(wayOf(deployment)) ?? 0);
  }

  #end(id: string, running: Running): void {
    this.#running.delete(id);
    running.stop();
    const ended = running.ended.finally(() => this.#ending.delete(ended));
    this.#ending.add(ended);
  }
}
