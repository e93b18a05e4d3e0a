import * as z from "zod";
import { previewDeployment } from "#lib/deployments/preview.ts";
import { deploymentInput, specInput } from "#lib/deployments/spec.ts";
import { preview } from "#lib/web/answer-schemas.ts";
import { defineRoute } from "#lib/web/define-route.ts";
import { otherMethods } from "#lib/web/other-methods.ts";

export const POST = defineRoute({
  summary:
    "What would be created, changed and deleted; with `deployment` (an id or a name), by a change to it",
  body: z.union([deploymentInput, specInput.extend({ deployment: z.string() })]),
  answer: preview,
  run: (ctx, { body }) => previewDeployment(ctx, body),
});

export const { GET, PUT, PATCH, DELETE } = otherMethods("POST");
