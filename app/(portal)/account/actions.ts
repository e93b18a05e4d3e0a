"use server";

import { headers } from "next/headers";
import { changePassword, updateAccount } from "#lib/auth/account.ts";
import { createApiKey, revokeApiKey } from "#lib/auth/api-keys.ts";
import { defineAction } from "#lib/web/define-action.ts";
import { portal } from "#lib/web/portal.ts";

const updateAction = defineAction(updateAccount);

export async function saveAccount(input: { name: string; email: string }) {
  return updateAction(input);
}

const passwordAction = defineAction(async (ctx, input: { currentPassword?: string; newPassword: string }) => {
  const session = await portal().auth.api.getSession({
    headers: await headers(),
    query: { disableRefresh: true },
  });
  await changePassword(ctx, input, session?.session.token ?? null);
});

/** Sets a new password; every other session ends. */
export async function savePassword(input: { currentPassword?: string; newPassword: string }) {
  return passwordAction(input);
}

const createAction = defineAction(createApiKey);

/** Makes an API key; the key itself is in this answer alone. */
export async function makeApiKey(input: { name: string; expiresInDays?: number }) {
  return createAction(input);
}

const revokeAction = defineAction(revokeApiKey);

export async function endApiKey(keyId: string) {
  return revokeAction(keyId);
}
