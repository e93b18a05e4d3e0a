import { operationView } from "#lib/web/answer-schemas.ts";
import { cancel } from "#lib/operations/cancel.ts";
import { defineRoute } from "#lib/web/define-route.ts";
import { otherMethods } from "#lib/web/other-methods.ts";

export const POST = defineRoute({
  summary: "Cancel an operation: a queued one at once, a running one as soon as its engine has stopped",
  answer: operationView,
  status: 202,
  run: (ctx, { params }) => cancel(ctx, { operationId: params.id ?? "" }),
});

export const { GET, PUT, PATCH, DELETE } = otherMethods("POST");
