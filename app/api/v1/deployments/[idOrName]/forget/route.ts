import { forgetDeployment } from "#lib/deployments/forget.ts";
import { deploymentView } from "#lib/web/answer-schemas.ts";
import { defineRoute } from "#lib/web/define-route.ts";
import { otherMethods } from "#lib/web/other-methods.ts";

export const POST = defineRoute({
  summary: "Give up a deployment whose cluster can't be torn down; its receipt lists what stays there",
  answer: deploymentView,
  run: (ctx, { params }) => forgetDeployment(ctx, params.idOrName ?? ""),
});

export const { GET, PUT, PATCH, DELETE } = otherMethods("POST");
