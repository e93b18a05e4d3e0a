import { readJob } from "#lib/jobs/read-job.ts";
import { defineRoute } from "#lib/web/define-route.ts";
import { jobView } from "#lib/web/job-schemas.ts";
import { otherMethods } from "#lib/web/other-methods.ts";

export const GET = defineRoute({
  summary: "Read a job that you asked for: what the worker found, or why it couldn't",
  answer: jobView,
  run: (ctx, { params }) => readJob(ctx, params.jobId ?? ""),
});

export const { POST, PUT, PATCH, DELETE } = otherMethods("GET");
