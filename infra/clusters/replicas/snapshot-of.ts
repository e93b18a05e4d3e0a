import { assignOrdinals } from "#infra/clusters/replicas/assign-ordinals.ts";
import type { ModelObjects } from "#infra/clusters/replicas/list-objects.ts";
import { restartsOf, variantOf, type Pod } from "#infra/clusters/replicas/pod.ts";
import type { DeploymentRow } from "#infra/clusters/replicas/read-rows.ts";
import { startedAtOf, stateOf } from "#infra/clusters/replicas/state-of.ts";
import { refusalOf } from "#infra/targets/kubernetes/troubles.ts";
import type { Trouble } from "#infra/targets/target.ts";
import type { DeploymentSnapshot, RecordedReplica } from "#lib/replicas/record-replicas.ts";
import { shortageOf, type Shortage } from "#lib/replicas/shortage.ts";
import { modelServerName } from "#lib/targets/kubernetes/settings.ts";

/**
 * What pages should show of a deployment, by what its cluster has of it.
 *
 * @param troubleOf why a pod isn't ready, if that can be said
 */
export function snapshotOf(
  row: Pick<DeploymentRow, "id" | "variants" | "replicas">,
  objects: ModelObjects,
  troubleOf: (pod: Pod) => Trouble | null,
): DeploymentSnapshot {
  const { pods, deployments, autoscalers } = objects;
  const troubles = new Map(
    pods.filter(isOnItsWay).flatMap((pod) => {
      const trouble = troubleOf(pod);
      return trouble ? [[pod.metadata.uid, trouble] as const] : [];
    }),
  );
  const replicas = numbered(row, pods).map(({ pod, ordinal }): RecordedReplica => {
    const variant = variantOf(pod);
    return {
      id: `${row.id}/${variant}/${ordinal}`,
      variant,
      ordinal,
      state: stateOf(pod),
      pid: null,
      pod: pod.metadata.name,
      podUid: pod.metadata.uid,
      node: pod.spec?.nodeName ?? null,
      restarts: restartsOf(pod),
      inFlight: null,
      startedAt: startedAtOf(pod),
      message: troubles.get(pod.metadata.uid)?.message ?? pod.status?.message ?? null,
    };
  });
  const isReady = ({ state }: RecordedReplica) => state === "ready";
  const readyOf = (variant: string) =>
    replicas.filter((one) => one.variant === variant && isReady(one)).length;
  const wanted = deployments.map(({ metadata: { name }, spec }) => {
    const autoscaler = autoscalers.find((one) => one.metadata.name === name);
    // It has decided nothing yet while it says 0.
    return autoscaler?.status?.desiredReplicas || (spec.replicas ?? 1);
  });
  const refused = deployments.flatMap((one) => refusalOf(one) ?? []);
  const variants = row.variants.map(({ name, least }) => ({ name, least, ready: readyOf(name) }));
  const missing = row.variants
    .map(({ name }) => modelServerName(name))
    .filter((name) => !deployments.some(({ metadata }) => metadata.name === name));
  return {
    id: row.id,
    desired: wanted.reduce((sum, count) => sum + count, 0),
    ready: replicas.filter(isReady).length,
    shortage: shortageOf(variants, deletedByHand(missing) ?? first([...refused, ...troubles.values()])),
    replicas,
  };
}

/** Of one that is to end or has ended there is nothing to mend. */
function isOnItsWay(pod: Pod): boolean {
  return ["starting", "restarting", "unhealthy"].includes(stateOf(pod));
}

/** Variant by variant; the oldest pod first, so that numbers are given in the order of the starts. */
function numbered(row: Pick<DeploymentRow, "replicas">, pods: Pod[]): { pod: Pod; ordinal: number }[] {
  const age = ({ metadata: { creationTimestamp = "", name } }: Pod) => `${creationTimestamp} ${name}`;
  const sorted = pods.toSorted((a, b) => (age(a) < age(b) ? -1 : 1));
  return [...new Set(sorted.map(variantOf))].flatMap((variant) => {
    const mine = sorted.filter((pod) => variantOf(pod) === variant);
    const known = row.replicas.filter((one) => one.variant === variant);
    const ordinals = assignOrdinals(
      known,
      mine.map(({ metadata }) => metadata.uid),
    );
    return mine.map((pod) => ({ pod, ordinal: ordinals.get(pod.metadata.uid)! }));
  });
}

function deletedByHand(missing: string[]): Shortage | null {
  if (missing.length === 0) return null;
  const what = missing.length === 1 ? `The Deployment ${missing[0]} isn't` : `${missing.join(", ")} aren't`;
  return {
    code: "objects_missing",
    message: `${what} in the cluster any more: somebody deleted it. Press “Put it right” under Overview: it makes anew what is missing.`,
  };
}

function first([trouble]: Trouble[]): Shortage | undefined {
  return trouble && { code: trouble.code, message: trouble.message };
}
