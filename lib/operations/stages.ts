import type { OperationKind } from "#lib/operations/status.ts";

/** The stages of a timeline, each begun and ended by an event row. */
export const stages = [
  "queued", // waits for the worker, or for the engine to be there
  "planning", // the program registers its resources
  "creating", // the engine makes and changes them
  "starting", // replicas are started
  "health", // until the load balancer's own checks find every wanted replica healthy
  "first_answer", // a real request through the endpoint
  "deleting", // the engine deletes
  "checking", // what is still there
] as const;

export type Stage = (typeof stages)[number];

export const stageTitle: Record<Stage, string> = {
  queued: "Queued",
  planning: "Planning",
  creating: "Creating",
  starting: "Starting replicas",
  health: "Health",
  first_answer: "First answer",
  deleting: "Deleting",
  checking: "Checking what is left",
};

/** What a title alone leaves open. */
export const stageAbout: Partial<Record<Stage, string>> = {
  health: "until all have loaded and answer",
};

/** The stages an operation of this kind goes through, in order. */
export function stagesOf(kind: OperationKind): readonly Stage[] {
  switch (kind) {
    case "deploy":
    case "update":
      return ["queued", "planning", "creating", "starting", "health", "first_answer"];
    case "destroy":
      return ["queued", "planning", "deleting", "checking"];
  }
}
