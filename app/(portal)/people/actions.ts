"use server";

import { publicUrl } from "#lib/auth/origins.ts";
import { disablePerson, enablePerson, revokeInvitation } from "#lib/auth/people.ts";
import { invite } from "#lib/auth/sign-in-links.ts";
import { routes } from "#lib/routes.ts";
import { defineAction } from "#lib/web/define-action.ts";
import { portal } from "#lib/web/portal.ts";

const inviteAction = defineAction(async (ctx, input: { email: string; role: string }) => {
  const { token, email, expiresAt } = await invite(ctx, input);
  return { email, expiresAt, link: publicUrl(portal().env) + routes.signInLink(token) };
});

/** Makes a one-time link, shown this once. */
export async function invitePerson(input: { email: string; role: string }) {
  return inviteAction(input);
}

const disableAction = defineAction(disablePerson);

export async function disable(personId: string) {
  return disableAction(personId);
}

const enableAction = defineAction(enablePerson);

export async function enable(personId: string) {
  return enableAction(personId);
}

const revokeAction = defineAction(revokeInvitation);

export async function takeBackInvitation(invitationId: string) {
  return revokeAction(invitationId);
}
