import * as z from "zod";
import { findDeploymentId } from "#lib/deployments/find.ts";
import { itemsOf, logLineView } from "#lib/web/answer-schemas.ts";
import { listLogLines } from "#lib/replicas/list-log-lines.ts";
import { defineRoute } from "#lib/web/define-route.ts";
import { otherMethods } from "#lib/web/other-methods.ts";

const query = z.strictObject({
  /** `id` of the last line that is known already; without it, the newest lines */
  after: z
    .string()
    .regex(/^\d{1,18}$/, "Must be the id of a line.")
    .optional(),
  replica: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(2000).default(200),
});

export const GET = defineRoute({
  summary: "What a deployment's replicas wrote, oldest first",
  query,
  answer: itemsOf(logLineView),
  run: async (ctx, { params, query: { replica, ...rest } }) => {
    const deploymentId = await findDeploymentId(ctx, params.idOrName ?? "");
    return { items: await listLogLines(ctx, { deploymentId, replicaId: replica, ...rest }) };
  },
});

export const { POST, PUT, PATCH, DELETE } = otherMethods("GET");
