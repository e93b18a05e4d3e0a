import { checkTarget } from "#lib/targets/check-target.ts";
import { defineRoute } from "#lib/web/define-route.ts";
import { otherMethods } from "#lib/web/other-methods.ts";
import { targetView } from "#lib/web/target-schemas.ts";

export const POST = defineRoute({
  summary: "Have a registered target checked now; it says `checking` until that is done; for admins",
  answer: targetView,
  status: 202,
  run: (ctx, { params }) => checkTarget(ctx, params.name ?? ""),
});

export const { GET, PUT, PATCH, DELETE } = otherMethods("POST");
