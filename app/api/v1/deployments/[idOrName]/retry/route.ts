import { retryDeployment } from "#lib/deployments/retry.ts";
import { operationView } from "#lib/web/answer-schemas.ts";
import { defineRoute } from "#lib/web/define-route.ts";
import { otherMethods } from "#lib/web/other-methods.ts";

export const POST = defineRoute({
  summary: "Do again what didn't succeed; it adopts what exists",
  answer: operationView,
  status: 202,
  run: (ctx, { params }) => retryDeployment(ctx, params.idOrName ?? ""),
});

export const { GET, PUT, PATCH, DELETE } = otherMethods("POST");
