import { hashToken } from "#lib/auth/token.ts";
import type { Actor, Context } from "#lib/context.ts";
import { SluiceError } from "#lib/errors.ts";

const noteUseEveryMs = 60_000;

/**
 * Who an API key stands for.
 *
 * @throws SluiceError `unauthenticated` that says whether it is unknown, expired, revoked or its owner disabled
 */
export async function actorOfKey(ctx: Pick<Context, "db" | "clock">, key: string): Promise<Actor> {
  const row = await ctx.db.apiKey.findUnique({ where: { hash: hashToken(key) }, include: { user: true } });
  const now = ctx.clock.now();
  if (!row) throw refused("This API key isn't known here.");
  if (row.revokedAt) throw refused("This API key was revoked.");
  if (row.expiresAt && row.expiresAt <= now)
    throw refused(`This API key expired at ${row.expiresAt.toISOString()}.`);
  if (row.user.disabledAt) throw refused("The account of this API key is disabled.");
  if (!row.lastUsedAt || now.getTime() - row.lastUsedAt.getTime() > noteUseEveryMs) {
    await ctx.db.apiKey.update({ where: { id: row.id }, data: { lastUsedAt: now } });
  }
  return { type: "user", id: row.userId, role: row.user.role === "admin" ? "admin" : "member" };
}

function refused(message: string): SluiceError {
  return new SluiceError("unauthenticated", message);
}
