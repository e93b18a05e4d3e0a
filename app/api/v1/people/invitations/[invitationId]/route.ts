import { revokeInvitation } from "#lib/auth/people.ts";
import { defineRoute } from "#lib/web/define-route.ts";
import { otherMethods } from "#lib/web/other-methods.ts";

export const DELETE = defineRoute({
  summary: "Take back an invitation that nobody has used; for admins",
  run: async (ctx, { params }) => {
    await revokeInvitation(ctx, params.invitationId ?? "");
    return { revoked: true };
  },
});

export const { GET, POST, PUT, PATCH } = otherMethods("DELETE");
