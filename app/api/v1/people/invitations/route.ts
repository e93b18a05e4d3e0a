import { publicUrl } from "#lib/auth/origins.ts";
import { invitationInput, invite } from "#lib/auth/sign-in-links.ts";
import { newInvitation } from "#lib/web/answer-schemas.ts";
import { routes } from "#lib/routes.ts";
import { defineRoute } from "#lib/web/define-route.ts";
import { otherMethods } from "#lib/web/other-methods.ts";
import { portal } from "#lib/web/portal.ts";

export const POST = defineRoute({
  summary: "Invite somebody by a one-time link, which is shown this once; for admins",
  body: invitationInput,
  answer: newInvitation,
  status: 201,
  run: async (ctx, { body }) => {
    const { token, email, expiresAt } = await invite(ctx, body);
    return { email, expiresAt, link: publicUrl(portal().env) + routes.signInLink(token) };
  },
});

export const { GET, PUT, PATCH, DELETE } = otherMethods("POST");
