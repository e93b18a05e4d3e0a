import { decideScale, recentPoints, type LoadPoint } from "#infra/local-runtime/autoscale.ts";
import { backendName, serverName } from "#infra/haproxy/names.ts";
import { serverKey, type BalancerStats } from "#infra/local-runtime/haproxy/stats.ts";
import type { VariantSupervisor } from "#infra/local-runtime/replicas/variant-supervisor.ts";
import type { Runtime } from "#infra/local-runtime/runtime.ts";
import type { Gauge } from "#infra/traffic/gauges.ts";
import type { ScaleStep } from "#lib/replicas/record-log-and-steps.ts";

/** Looks at the load balancer's figures: for each replica's state, for the autoscaler, for the samples. */
export class Observer {
  readonly #runtime: Runtime;
  readonly #onGauge: (gauge: Gauge) => void;
  readonly #onStep: (step: ScaleStep) => void;
  readonly #load = new WeakMap<VariantSupervisor, { points: LoadPoint[]; lastStepAt: number | null }>();

  constructor(runtime: Runtime, handlers: { onGauge(gauge: Gauge): void; onStep(step: ScaleStep): void }) {
    this.#runtime = runtime;
    this.#onGauge = (gauge) => handlers.onGauge(gauge);
    this.#onStep = (step) => handlers.onStep(step);
  }

  async look(): Promise<void> {
    const stats = await this.#runtime.balancer.stats();
    if (!stats) return;
    const now = performance.now();
    for (const supervisor of this.#runtime.supervisors()) {
      this.#lookAtReplicas(supervisor, stats, now);
      const gauge = this.#gauge(supervisor, stats);
      this.#onGauge(gauge);
      this.#scale(supervisor, gauge.inFlight, now);
    }
  }

  #lookAtReplicas(supervisor: VariantSupervisor, stats: BalancerStats, now: number): void {
    const backend = backendName(supervisor.deploymentId, supervisor.variant);
    for (const replica of supervisor.replicas) {
      const server = stats.servers.get(serverKey(backend, serverName(replica.plan.ordinal)));
      const { balancer } = this.#runtime;
      const { ordinal } = replica.plan;
      const halfJoined =
        server?.leaving && balancer.hasServer(supervisor.deploymentId, supervisor.variant, ordinal);
      // The next look finds out whether it worked.
      if ((!server && stats.queued.has(backend)) || halfJoined)
        void supervisor.joinAgain(replica).catch(() => {});
      if (!server) continue;
      const fails = !/^(L7OK|INI|UNK|$)/.test(server.check);
      replica.observe({ inFlight: server.current + server.queued, up: server.up, fails }, now);
    }
  }

  #gauge(supervisor: VariantSupervisor, stats: BalancerStats): Gauge {
    const { deploymentId, variant } = supervisor;
    const backend = backendName(deploymentId, variant);
    const servers = [...stats.servers.values()].filter((server) => server.backend === backend);
    const queued = servers.reduce((sum, s) => sum + s.queued, stats.queued.get(backend) ?? 0);
    const inFlight = servers.reduce((sum, s) => sum + s.current, queued);
    const replicasReady = supervisor.replicas.filter(({ state }) => state === "ready").length;
    const countsRequests = this.#runtime.desired.get(deploymentId)?.endpoint?.layer !== 4;
    return { deploymentId, variant, countsRequests, inFlight, queued, replicasReady };
  }

  #scale(supervisor: VariantSupervisor, inFlight: number, now: number): void {
    const { wanted } = supervisor;
    if (!wanted?.modelServer || !wanted.pool) return;
    const { timing, clock, log } = this.#runtime.options;
    const windows = { up: timing.scaleUpWindow, down: timing.scaleDownWindow };
    const load = this.#load.get(supervisor) ?? { points: [], lastStepAt: null };
    load.points = [...recentPoints(load.points, now, windows), { at: now, inFlight }];
    this.#load.set(supervisor, load);
    const { scaling } = wanted.modelServer;
    const current = wanted.wanted;
    const decided = decideScale({ ...load, now, current, scaling, windows });
    if (!decided) return;
    load.lastStepAt = now;
    const { deploymentId, variant } = supervisor;
    log("info", "scaled", { deploymentId, variant, reason: decided.reason });
    this.#runtime.desired.changeVariant(deploymentId, variant, (state) => (state.wanted = decided.to));
    this.#onStep({
      deploymentId,
      variant,
      at: clock.now(),
      from: current,
      to: decided.to,
      reason: decided.reason,
    });
    supervisor.reconcile();
    this.#runtime.changed.add(deploymentId);
  }
}
