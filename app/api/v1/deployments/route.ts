import { createDeployment } from "#lib/deployments/create.ts";
import { listDeployments, listInput } from "#lib/deployments/list.ts";
import { deploymentInput } from "#lib/deployments/spec.ts";
import { refuseUnknownTarget } from "#lib/targets/refuse-unknown-target.ts";
import { deploymentPage, deploymentView } from "#lib/web/answer-schemas.ts";
import { defineRoute } from "#lib/web/define-route.ts";
import { otherMethods } from "#lib/web/other-methods.ts";

export const GET = defineRoute({
  summary: "List deployments",
  query: listInput,
  answer: deploymentPage,
  async run(ctx, { query }) {
    if (query.target) await refuseUnknownTarget(ctx, query.target);
    return listDeployments(ctx, query);
  },
});

export const POST = defineRoute({
  summary: "Make a deployment and queue its first operation",
  body: deploymentInput,
  answer: deploymentView,
  status: 201,
  run: (ctx, { body }) => createDeployment(ctx, body),
});

export const { PUT, PATCH, DELETE } = otherMethods("GET", "POST");
