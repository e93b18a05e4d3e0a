import { actorOfKey } from "#lib/auth/actor-of-key.ts";
import type { Auth } from "#lib/auth/auth.ts";
import type { Actor, Context } from "#lib/context.ts";
import { SluiceError } from "#lib/errors.ts";

export type Identified = { actor: Actor; by: "key" | "session" };

/**
 * Who sends this request: an API key (`Authorization: Bearer`) or a session's cookie. The account is read
 * each time, so that a disabled person is out at once.
 *
 * @returns `null` where neither was sent
 * @throws SluiceError `unauthenticated` where what was sent isn't good
 */
export async function actorFromRequest(
  parts: Pick<Context, "db" | "clock"> & { auth: Auth },
  headers: Headers,
): Promise<Identified | null> {
  const authorization = headers.get("authorization");
  if (authorization !== null) {
    const [, key] = /^Bearer ([\x21-\x7e]{1,200})$/i.exec(authorization.trim()) ?? [];
    if (!key) throw new SluiceError("unauthenticated", "Send your API key as `Authorization: Bearer KEY`.");
    return { actor: await actorOfKey(parts, key), by: "key" };
  }
  const session = await readSession(parts, headers);
  if (!session || session.user.disabledAt) return null;
  const role = session.user.role === "admin" ? "admin" : "member";
  return { actor: { type: "user", id: session.user.id, role }, by: "session" };
}

async function readSession(parts: Pick<Context, "db"> & { auth: Auth }, headers: Headers) {
  try {
    // Renewing is for `renewSession` alone, which sends the cookie on.
    return await parts.auth.api.getSession({ headers, query: { disableRefresh: true } });
  } catch (error) {
    // better-auth hides why it failed: if the database is away, this says so.
    await parts.db.$queryRaw`select 1`;
    throw error;
  }
}
