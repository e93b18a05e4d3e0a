import * as z from "zod";
import { recordAudit } from "#lib/audit/record.ts";
import { ensureAdmin } from "#lib/auth/ensure-admin.ts";
import { requireUser } from "#lib/auth/require-user.ts";
import { hashToken, newToken, visiblePrefix } from "#lib/auth/token.ts";
import { publish } from "#lib/changes/publish.ts";
import type { Context } from "#lib/context.ts";
import { notFound } from "#lib/errors.ts";
import { newId } from "#lib/ids.ts";
import { parseInput } from "#lib/parse-input.ts";

/** A key as pages and the API list it; the key itself is shown when it is made, and never again. */
export type ApiKeyView = {
  id: string;
  name: string;
  prefix: string;
  createdAt: string;
  expiresAt: string | null;
  lastUsedAt: string | null;
  revokedAt: string | null;
};

export const apiKeyInput = z.strictObject({
  name: z.string().trim().min(1, "Give it a name.").max(60, "At most 60 characters."),
  /** without it, the key is good until it is revoked */
  expiresInDays: z.int().min(1, "At least a day.").max(3650, "At most ten years.").optional(),
});

/**
 * Makes an API key of the person who asks; asked by a command on the machine, of the admin, whose account is
 * made if there is none. It opens the endpoints of its owner's deployments too.
 *
 * @returns the key itself, this once
 */
export async function createApiKey(ctx: Context, input: unknown): Promise<ApiKeyView & { key: string }> {
  const { name, expiresInDays } = parseInput(apiKeyInput, input);
  const userId = ctx.actor.type === "system" ? (await ensureAdmin(ctx)).id : requireUser(ctx.actor).id;
  const now = ctx.clock.now();
  const key = newToken("slk");
  const row = {
    id: newId("key"),
    userId,
    name,
    prefix: visiblePrefix(key),
    hash: hashToken(key),
    createdAt: now,
    expiresAt: expiresInDays === undefined ? null : new Date(now.getTime() + expiresInDays * 86_400_000),
    lastUsedAt: null,
    revokedAt: null,
  };
  await ctx.db.$transaction(async (tx) => {
    await tx.apiKey.create({ data: row });
    await recordAudit(tx, ctx.actor, "api_key.create", row.id, { name, userId }, now);
    await publish(tx, { topic: "keys", deploymentId: null });
  });
  return { ...toView(row), key };
}

/** The person's own keys, newest first. */
export async function listApiKeys(ctx: Context): Promise<ApiKeyView[]> {
  const { id: userId } = requireUser(ctx.actor);
  const rows = await ctx.db.apiKey.findMany({
    where: { userId },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
  });
  return rows.map(toView);
}

/** Ends one of the person's own keys; a second time changes nothing. */
export async function revokeApiKey(ctx: Context, id: string): Promise<ApiKeyView> {
  const { id: userId } = requireUser(ctx.actor);
  const now = ctx.clock.now();
  return ctx.db.$transaction(async (tx) => {
    const { count } = await tx.apiKey.updateMany({
      where: { id, userId, revokedAt: null },
      data: { revokedAt: now },
    });
    const row = await tx.apiKey.findFirst({ where: { id, userId } });
    if (!row) throw notFound("key");
    if (count > 0) {
      await recordAudit(tx, ctx.actor, "api_key.revoke", id, {}, now);
      await publish(tx, { topic: "keys", deploymentId: null });
    }
    return toView(row);
  });
}

function toView(row: {
  id: string;
  name: string;
  prefix: string;
  createdAt: Date;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
  revokedAt: Date | null;
}): ApiKeyView {
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt?.toISOString() ?? null,
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    revokedAt: row.revokedAt?.toISOString() ?? null,
  };
}
