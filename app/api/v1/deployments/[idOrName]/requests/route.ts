import * as z from "zod";
import { findDeploymentId } from "#lib/deployments/find.ts";
import { itemsOf, requestView } from "#lib/web/answer-schemas.ts";
import { listRequests } from "#lib/traffic/list-requests.ts";
import { defineRoute } from "#lib/web/define-route.ts";
import { otherMethods } from "#lib/web/other-methods.ts";

export const GET = defineRoute({
  summary: "List a deployment's newest requests, as its load balancer logged them",
  query: z.strictObject({ limit: z.coerce.number().int().min(1).max(500).default(100) }),
  answer: itemsOf(requestView),
  run: async (ctx, { params, query }) => {
    const deploymentId = await findDeploymentId(ctx, params.idOrName ?? "");
    return { items: await listRequests(ctx, { deploymentId, limit: query.limit }) };
  },
});

export const { POST, PUT, PATCH, DELETE } = otherMethods("GET");
