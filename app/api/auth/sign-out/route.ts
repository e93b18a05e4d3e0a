import { routes } from "#lib/routes.ts";
import { requireOwnOrigin } from "#lib/web/own-origin.ts";
import { portal } from "#lib/web/portal.ts";
import { problemResponse } from "#lib/web/problem.ts";
import { asSluiceError } from "#lib/web/unexpected.ts";

/** Ends the session and leads to a whole new page, so that nothing of it is left in the browser's window. */
export async function POST(request: Request): Promise<Response> {
  try {
    requireOwnOrigin(portal().env, request.headers);
    const ended = await portal().auth.api.signOut({ headers: request.headers, asResponse: true });
    const cookies = ended.headers.getSetCookie().map((cookie) => ["set-cookie", cookie] as [string, string]);
    return new Response(null, { status: 303, headers: [["location", routes.signIn], ...cookies] });
  } catch (error) {
    return problemResponse(asSluiceError(error));
  }
}
