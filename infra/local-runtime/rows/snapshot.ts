import type { Runtime } from "#infra/local-runtime/runtime.ts";
import type { DeploymentSnapshot } from "#infra/local-runtime/rows/deployment-rows.ts";

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
      restarts: replica.restarts,
      inFlight: replica.inFlight,
      startedAt: replica.startedAt,
      message: replica.message,
    })),
  );
  const variants = Object.entries(state?.variants ?? {});
  const readyOf = (variant: string) =>
    replicas.filter((r) => r.variant === variant && r.state === "ready").length;
  const short = variants.flatMap(([variant, { modelServer }]) => {
    const least = modelServer?.scaling.minReplicas ?? 0;
    return readyOf(variant) < least
      ? [`${readyOf(variant)} of ${least} replicas of ${variant} are ready`]
      : [];
  });
  const replicasMissing = short.length > 0 ? `${short.join("; ")}. They are being started again.` : null;
  const port = state?.endpoint?.port ?? 0;
  const portTaken = runtime.balancer.isTaken(port)
    ? `Another program on this machine listens on port ${port}. Stop it, and this deployment serves again by itself.`
    : null;
  return {
    id,
    desired: variants.reduce((sum, [, { wanted }]) => sum + wanted, 0),
    ready: replicas.filter((replica) => replica.state === "ready").length,
    shortage: state?.routes ? (portTaken ?? replicasMissing) : null,
    replicas,
  };
}
