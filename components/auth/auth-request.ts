import type { FieldError } from "#lib/errors.ts";

export type AuthAnswer = { ok: true } | { ok: false; message: string; fields: FieldError[] };

/** Posts to the address of the portal's own sign-in; the answer sets or ends the session's cookie. */
export async function authRequest(
  path: "sign-in/email" | "sign-in/link" | "sign-out",
  body: object,
): Promise<AuthAnswer> {
  let response: Response;
  try {
    response = await fetch(`/api/auth/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  } catch {
    return failed("The portal doesn’t answer. Check that it runs, then try again.");
  }
  if (response.ok) return { ok: true };
  const said = (await response.json().catch(() => null)) as {
    message?: string;
    detail?: string;
    errors?: FieldError[];
  } | null;
  if (response.status >= 500) return failed("The portal couldn’t do this just now. Try again in a moment.");
  // better-auth's own words for a wrong password, which say no more than that.
  if (response.status === 401) return failed("The e-mail address or the password isn’t right.");
  return {
    ok: false,
    message: said?.message ?? said?.detail ?? "This didn’t work.",
    fields: said?.errors ?? [],
  };
}

function failed(message: string): AuthAnswer {
  return { ok: false, message, fields: [] };
}
