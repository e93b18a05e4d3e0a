import * as z from "zod";
import { requestPreview } from "#lib/deployments/request-preview.ts";
import { deploymentInput, specInput } from "#lib/deployments/spec.ts";
import { preview } from "#lib/web/answer-schemas.ts";
import { Accepted, defineRoute } from "#lib/web/define-route.ts";
import { acceptedJob } from "#lib/web/job-schemas.ts";
import { otherMethods } from "#lib/web/other-methods.ts";

export const POST = defineRoute({
  summary:
    "What would be created, changed and deleted; with `deployment` (an id or a name), by a change to it. On a cluster the engine is asked: then a job is answered whose result says it",
  body: z.union([deploymentInput, specInput.extend({ deployment: z.string() })]),
  answer: preview,
  accepted: acceptedJob,
  async run(ctx, { body }) {
    const { preview: found, job } = await requestPreview(ctx, body);
    return job ? new Accepted(`/api/v1/jobs/${job.id}`, job) : found;
  },
});

export const { GET, PUT, PATCH, DELETE } = otherMethods("POST");
