import type { Prisma } from "#prisma/generated/client.ts";

/**
 * What the worker does beside operations, because the portal itself never reaches out: each looks at something and
 * says what it found. Jobs have a pool of their own, so that a cluster that doesn't answer keeps no deployment waiting.
 */
export const jobKinds = ["target.check", "preview", "drift", "forget"] as const;
export type JobKind = (typeof jobKinds)[number];

export const jobStatuses = ["queued", "running", "done", "failed"] as const;
export type JobStatus = (typeof jobStatuses)[number];

/** How long a worker owns a job that it took; no job may take longer, in milliseconds. */
export const jobLeaseMs = 90_000;
/** How often one is taken whose worker was lost, before it counts as failed. */
export const jobAttempts = 3;

/** A job that this worker now owns. */
export type ClaimedJob = {
  id: string;
  kind: JobKind;
  subjectId: string;
  input: Prisma.JsonValue;
  attempt: number;
};
