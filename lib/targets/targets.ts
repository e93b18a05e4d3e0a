import type { TargetName } from "#lib/deployments/spec.ts";

/** What a target offers, as data: the form greys out what is not `null` and shows the reason. */
export type Target = {
  name: TargetName;
  title: string;
  /** one sentence: where things run */
  does: string;
  /** why it can't be chosen at all in this version, or `null` */
  refusal: string | null;
  /** why a container image can't be chosen, or `null` */
  imageRefusal: string | null;
};

export const targets: readonly Target[] = [
  {
    name: "local",
    title: "This machine",
    does: "Replicas are processes on this machine, behind HAProxy.",
    refusal: null,
    imageRefusal: "Container images run on clusters and Google projects. Choose a model of the catalogue.",
  },
  {
    name: "kubernetes",
    title: "A Kubernetes cluster you have",
    does: "Replicas are pods in a namespace of a cluster that you bring.",
    refusal: null,
    imageRefusal: null,
  },
  {
    name: "gke",
    title: "Google Kubernetes Engine",
    does: "A cluster of its own for each deployment, behind Google's load balancer.",
    refusal: null,
    imageRefusal: null,
  },
];

export function findTarget(name: TargetName): Target {
  const target = targets.find((t) => t.name === name);
  if (!target) throw new Error(`There is no target ${name}.`);
  return target;
}
