import * as z from "zod";
import { jobKinds, jobStatuses } from "#lib/jobs/job.ts";
import type { JobView } from "#lib/jobs/read-job.ts";

export const jobView = z.object({
  id: z.string(),
  kind: z.enum(jobKinds),
  status: z.enum(jobStatuses),
  requestedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
  result: z.unknown(),
  message: z.string().nullable(),
}) satisfies z.ZodType<JobView>;

/** A job that was asked for, and where it is read. */
export const acceptedJob = jobView.extend({ location: z.string() });
