import type { Auth } from "#lib/auth/auth.ts";

/**
 * Gives a session another week, at most once a day. Only a handler that can send the cookie on calls this: a
 * session that was renewed without it would end in the browser all the same.
 *
 * @returns the cookies to set, as `Set-Cookie` writes them; none if the session isn't due, or isn't good
 */
export async function renewSession(auth: Auth, headers: Headers): Promise<string[]> {
  const { response, headers: answered } = await auth.api.getSession({ headers, returnHeaders: true });
  return response ? answered.getSetCookie() : [];
}
