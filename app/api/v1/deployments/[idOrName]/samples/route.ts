import * as z from "zod";
import { findDeploymentId } from "#lib/deployments/find.ts";
import { itemsOf, sampleView } from "#lib/web/answer-schemas.ts";
import { listSamples } from "#lib/traffic/list-samples.ts";
import { defineRoute } from "#lib/web/define-route.ts";
import { otherMethods } from "#lib/web/other-methods.ts";

export const GET = defineRoute({
  summary: "List a deployment's figures in steps of five seconds, oldest first",
  query: z.strictObject({ minutes: z.coerce.number().int().min(1).max(1440).default(60) }),
  answer: itemsOf(sampleView),
  run: async (ctx, { params, query }) => {
    const deploymentId = await findDeploymentId(ctx, params.idOrName ?? "");
    return { items: await listSamples(ctx, { deploymentId, minutes: query.minutes }) };
  },
});

export const { POST, PUT, PATCH, DELETE } = otherMethods("GET");
