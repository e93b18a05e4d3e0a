import { operationView } from "#lib/web/answer-schemas.ts";
import { getOperation } from "#lib/operations/get-operation.ts";
import { defineRoute } from "#lib/web/define-route.ts";
import { otherMethods } from "#lib/web/other-methods.ts";

export const GET = defineRoute({
  summary: "Read an operation",
  answer: operationView,
  run: (ctx, { params }) => getOperation(ctx, params.id ?? ""),
});

export const { POST, PUT, PATCH, DELETE } = otherMethods("GET");
