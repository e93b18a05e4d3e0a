import * as z from "zod";
import { findDeploymentId } from "#lib/deployments/find.ts";
import { itemsOf, operationView } from "#lib/web/answer-schemas.ts";
import { listOperations } from "#lib/operations/list-operations.ts";
import { defineRoute } from "#lib/web/define-route.ts";
import { otherMethods } from "#lib/web/other-methods.ts";

export const GET = defineRoute({
  summary: "List a deployment's operations, newest first",
  query: z.strictObject({ limit: z.coerce.number().int().min(1).max(1000).default(100) }),
  answer: itemsOf(operationView).extend({
    /** whether there are older ones */
    more: z.boolean(),
  }),
  async run(ctx, { params, query: { limit } }) {
    const deploymentId = await findDeploymentId(ctx, params.idOrName ?? "");
    const operations = await listOperations(ctx, deploymentId, limit + 1);
    return { items: operations.slice(0, limit), more: operations.length > limit };
  },
});

export const { POST, PUT, PATCH, DELETE } = otherMethods("GET");
