import * as z from "zod";
import { findDeploymentId } from "#lib/deployments/find.ts";
import { itemsOf, scaleStepView } from "#lib/web/answer-schemas.ts";
import { listScaleSteps } from "#lib/replicas/list-scale-steps.ts";
import { defineRoute } from "#lib/web/define-route.ts";
import { otherMethods } from "#lib/web/other-methods.ts";

export const GET = defineRoute({
  summary: "List the autoscaler's newest steps with their reasons",
  query: z.strictObject({ limit: z.coerce.number().int().min(1).max(500).default(50) }),
  answer: itemsOf(scaleStepView),
  run: async (ctx, { params, query }) => {
    const deploymentId = await findDeploymentId(ctx, params.idOrName ?? "");
    return { items: await listScaleSteps(ctx, { deploymentId, limit: query.limit }) };
  },
});

export const { POST, PUT, PATCH, DELETE } = otherMethods("GET");
