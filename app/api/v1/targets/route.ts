import { itemsOf, targetView } from "#lib/web/answer-schemas.ts";
import { listTargets } from "#lib/targets/list-targets.ts";
import { defineRoute } from "#lib/web/define-route.ts";
import { otherMethods } from "#lib/web/other-methods.ts";

export const GET = defineRoute({
  summary: "List the targets, what each can do, and why one isn't available",
  answer: itemsOf(targetView),
  run: async (ctx) => ({ items: await listTargets(ctx.db) }),
});

export const { POST, PUT, PATCH, DELETE } = otherMethods("GET");
