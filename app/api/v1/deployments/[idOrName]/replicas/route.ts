import { findDeploymentId } from "#lib/deployments/find.ts";
import { itemsOf, replicaView } from "#lib/web/answer-schemas.ts";
import { listReplicas } from "#lib/replicas/list.ts";
import { defineRoute } from "#lib/web/define-route.ts";
import { otherMethods } from "#lib/web/other-methods.ts";

export const GET = defineRoute({
  summary: "List a deployment's replicas",
  answer: itemsOf(replicaView),
  run: async (ctx, { params }) => ({
    items: await listReplicas(ctx, { deploymentId: await findDeploymentId(ctx, params.idOrName ?? "") }),
  }),
});

export const { POST, PUT, PATCH, DELETE } = otherMethods("GET");
