import { containerOf, type Pod } from "#infra/clusters/replicas/pod.ts";
import type { ReplicaState } from "#lib/replicas/list.ts";

/**
 * What a pod is as a replica. A pod that is to end drains, whatever else it is; one that was ready before and whose
 * node isn't heard from is unhealthy.
 */
export function stateOf(pod: Pod): ReplicaState {
  const { phase, conditions } = pod.status ?? {};
  if (phase === "Succeeded" || phase === "Failed") return "stopped";
  if (pod.metadata.deletionTimestamp) return "draining";
  const isReady = conditions?.some(({ type, status }) => type === "Ready" && status === "True");
  if (isReady) return "ready";
  const container = containerOf(pod);
  if (container?.state?.running && container.started) return "unhealthy";
  return (container?.restartCount ?? 0) > 0 || container?.state?.terminated ? "restarting" : "starting";
}

/** When the container that runs now was started; before that, when the node took the pod. */
export function startedAtOf(pod: Pod): Date | null {
  const at = containerOf(pod)?.state?.running?.startedAt ?? pod.status?.startTime;
  return at === undefined ? null : new Date(at);
}
