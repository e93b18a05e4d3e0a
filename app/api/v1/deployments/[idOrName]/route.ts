import { destroyDeployment } from "#lib/deployments/destroy.ts";
import { getDeployment } from "#lib/deployments/get.ts";
import { changeInput } from "#lib/deployments/spec.ts";
import { updateDeployment } from "#lib/deployments/update.ts";
import { deploymentView, operationView } from "#lib/web/answer-schemas.ts";
import { defineRoute } from "#lib/web/define-route.ts";
import { otherMethods } from "#lib/web/other-methods.ts";

export const GET = defineRoute({
  summary: "Read a deployment; a name answers for the live one, else the latest",
  answer: deploymentView,
  run: (ctx, { params }) => getDeployment(ctx, params.idOrName ?? ""),
});

export const PATCH = defineRoute({
  summary:
    "Change a deployment: what is given replaces what was there; scaling, routing and endpoint are merged. With the revision that it was made from, nothing is changed where that isn't the newest",
  body: changeInput,
  answer: deploymentView,
  run: (ctx, { params, body }) => updateDeployment(ctx, params.idOrName ?? "", body),
});

export const DELETE = defineRoute({
  summary: "Tear a deployment down; asked again, the same operation answers",
  answer: operationView,
  status: 202,
  run: (ctx, { params }) => destroyDeployment(ctx, params.idOrName ?? ""),
});

export const { POST, PUT } = otherMethods("GET", "PATCH", "DELETE");
