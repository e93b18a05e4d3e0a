import type { Runtime } from "#infra/local-runtime/runtime.ts";
import type { DeploymentSnapshot } from "#lib/replicas/record-replicas.ts";
import { shortageOf, type Shortage } from "#lib/replicas/shortage.ts";

/** What pages should show of a deployment now. */
export function snapshotOf(runtime: Runtime, id: string): DeploymentSnapshot {
  const state = runtime.desired.get(id);
  const supervisors = runtime.supervisors().filter((supervisor) => supervisor.deploymentId === id);
  const replicas = supervisors.flatMap(({ variant, replicas: all }) =>
    all.map((replica) => ({
      id: replica.plan.id,
      variant,
      ordinal: replica.plan.ordinal,
      state: replica.state,
      pid: replica.process?.pid ?? null,
      pod: null,
      podUid: null,
      node: null,
      restarts: replica.restarts,
      inFlight: replica.inFlight,
      startedAt: replica.startedAt,
      message: replica.message,
    })),
  );
  const variants = Object.entries(state?.variants ?? {});
  const readyOf = (variant: string) =>
    replicas.filter((r) => r.variant === variant && r.state === "ready").length;
  const missing = shortageOf(
    variants.map(([name, { modelServer }]) => ({
      name,
      ready: readyOf(name),
      least: modelServer?.scaling.minReplicas ?? 0,
    })),
  );
  const port = state?.endpoint?.port ?? 0;
  const portTaken: Shortage | null = runtime.balancer.isTaken(port)
    ? {
        code: "port_taken",
        message: `Another program on this machine listens on port ${port}. Stop it, and this deployment serves again by itself.`,
      }
    : null;
  return {
    id,
    desired: variants.reduce((sum, [, { wanted }]) => sum + wanted, 0),
    ready: replicas.filter((replica) => replica.state === "ready").length,
    shortage: state?.routes ? (portTaken ?? missing) : null,
    replicas,
  };
}
