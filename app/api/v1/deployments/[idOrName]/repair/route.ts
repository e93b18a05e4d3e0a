import { repairDeployment } from "#lib/deployments/drift.ts";
import { operationView } from "#lib/web/answer-schemas.ts";
import { defineRoute } from "#lib/web/define-route.ts";
import { otherMethods } from "#lib/web/other-methods.ts";

export const POST = defineRoute({
  summary: "Put right what was changed or deleted by hand",
  status: 202,
  answer: operationView,
  run: (ctx, { params }) => repairDeployment(ctx, params.idOrName ?? ""),
});

export const { GET, PUT, PATCH, DELETE } = otherMethods("POST");
