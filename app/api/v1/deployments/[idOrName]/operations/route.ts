import { findDeploymentId } from "#lib/deployments/find.ts";
import { itemsOf, operationView } from "#lib/web/answer-schemas.ts";
import { listOperations } from "#lib/operations/list-operations.ts";
import { defineRoute } from "#lib/web/define-route.ts";
import { otherMethods } from "#lib/web/other-methods.ts";

export const GET = defineRoute({
  summary: "List a deployment's operations, newest first",
  answer: itemsOf(operationView),
  run: async (ctx, { params }) => ({
    items: await listOperations(ctx, await findDeploymentId(ctx, params.idOrName ?? "")),
  }),
});

export const { POST, PUT, PATCH, DELETE } = otherMethods("GET");
