import * as z from "zod";
import { changeTarget } from "#lib/targets/change-target.ts";
import { getTarget } from "#lib/targets/get-target.ts";
import { removeTarget } from "#lib/targets/remove-target.ts";
import { changeProjectInput } from "#lib/targets/gke/project-input.ts";
import { changeInput } from "#lib/targets/target-input.ts";
import { defineRoute } from "#lib/web/define-route.ts";
import { otherMethods } from "#lib/web/other-methods.ts";
import { targetView } from "#lib/web/target-schemas.ts";

export const GET = defineRoute({
  summary: "Read a target; what a check found in detail is for admins",
  answer: targetView,
  run: (ctx, { params }) => getTarget(ctx, params.name ?? ""),
});

export const PATCH = defineRoute({
  summary: "Change a registered target: its name, its settings, its kubeconfig or key; for admins",
  body: z.union([changeInput, changeProjectInput]),
  answer: targetView,
  run: (ctx, { params, body }) => changeTarget(ctx, params.name ?? "", body),
});

export const DELETE = defineRoute({
  summary: "Forget a registered target that nothing is deployed to; for admins",
  run: async (ctx, { params }) => {
    await removeTarget(ctx, params.name ?? "");
    return { removed: true };
  },
});

export const { POST, PUT } = otherMethods("GET", "PATCH", "DELETE");
