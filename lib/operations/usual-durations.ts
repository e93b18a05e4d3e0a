import type { Layer, Spec, TargetName } from "#lib/deployments/spec.ts";
import type { Stage } from "#lib/operations/stages.ts";
import type { OperationKind } from "#lib/operations/status.ts";

/** What of a spec decides how long its operations take: a cluster of its own is minutes, a namespace in one seconds. */
export type Circumstances = {
  target: TargetName;
  /** at Google; null elsewhere */
  cluster: "own" | "existing" | null;
  layer: Layer;
};

export function circumstancesOf(spec: {
  target: TargetName;
  google: Pick<NonNullable<Spec["google"]>, "cluster"> | null;
  routing: Pick<Spec["routing"], "layer">;
}): Circumstances {
  return { target: spec.target, cluster: spec.google?.cluster.mode ?? null, layer: spec.routing.layer };
}

type Durations = Record<Stage, number>;

const seconds = 1_000;
const minutes = 60 * seconds;

/** This machine's: processes that start, and a load balancer that is there. */
const local: Durations = {
  queued: 300,
  planning: 1 * seconds,
  creating: 300,
  starting: 2 * seconds,
  health: 1.5 * seconds,
  first_answer: 300,
  deleting: 3 * seconds,
  checking: 300,
};

/** A cluster's nodes pull images first, and its pods have time to end. */
const kubernetes: Durations = {
  ...local,
  planning: 3 * seconds,
  creating: 3 * seconds,
  starting: 20 * seconds,
  health: 10 * seconds,
  first_answer: 3 * seconds,
  deleting: 30 * seconds,
  checking: 1 * seconds,
};

/** In a cluster that is there; Google's front ends take minutes until they all know (docs/gke.md). */
const google: Durations = {
  ...kubernetes,
  planning: 10 * seconds,
  creating: 15 * seconds,
  starting: 1 * minutes,
  health: 1 * minutes,
  first_answer: 2 * minutes,
  deleting: 3 * minutes,
  checking: 10 * seconds,
};

/**
 * How long each stage takes, in milliseconds, until there is something to learn from (learned-durations.ts). At Google
 * by what docs/gke.md expects: only a deploy makes a cluster, and only a tear-down deletes it.
 */
export function usualDurations(kind: OperationKind, { target, cluster }: Circumstances): Durations {
  if (target === "local") return local;
  if (target === "kubernetes") return kubernetes;
  if (cluster !== "own" || kind === "update") return google;
  return { ...google, creating: 10 * minutes, deleting: 12 * minutes };
}
