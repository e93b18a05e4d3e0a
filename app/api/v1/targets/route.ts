import * as z from "zod";
import { itemsOf } from "#lib/web/answer-schemas.ts";
import { listTargets } from "#lib/targets/list-targets.ts";
import { registerTarget } from "#lib/targets/register-target.ts";
import { registerProjectInput } from "#lib/targets/gke/project-input.ts";
import { registerInput } from "#lib/targets/target-input.ts";
import { defineRoute } from "#lib/web/define-route.ts";
import { otherMethods } from "#lib/web/other-methods.ts";
import { targetView } from "#lib/web/target-schemas.ts";

export const GET = defineRoute({
  summary: "List the targets, what each can do, and why one isn't available",
  answer: itemsOf(targetView),
  run: async (ctx) => ({ items: await listTargets(ctx) }),
});

export const POST = defineRoute({
  summary:
    "Register a Kubernetes cluster by its kubeconfig, or a Google project, and have it checked; for admins",
  body: z.union([registerInput, registerProjectInput]),
  answer: targetView,
  status: 201,
  run: (ctx, { body }) => registerTarget(ctx, body),
});

export const { PUT, PATCH, DELETE } = otherMethods("GET", "POST");
