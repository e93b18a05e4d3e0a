import { SluiceError } from "#lib/errors.ts";
import { requireOwnOrigin } from "#lib/web/own-origin.ts";
import { portal } from "#lib/web/portal.ts";
import { problemResponse } from "#lib/web/problem.ts";
import { readBody } from "#lib/web/read-body.ts";
import { asSluiceError } from "#lib/web/unexpected.ts";

/** All that browsers need of better-auth; what else it offers is our own verbs' work, or nobody's. */
const open = new Set(["POST /api/auth/sign-in/email", "POST /api/auth/sign-in/link"]);

/** An address, a name and a password: whoever isn't signed in can't make the portal hold more. */
const bodyLimitBytes = 16 * 1024;

async function handle(request: Request): Promise<Response> {
  try {
    if (!open.has(`${request.method} ${new URL(request.url).pathname}`)) {
      throw new SluiceError("not_found", "There is no such address.");
    }
    requireOwnOrigin(portal().env, request.headers);
    const body = (await readBody(request, bodyLimitBytes)).toString("utf8");
    const { url, method, headers } = request;
    return withoutToken(await portal().auth.handler(new Request(url, { method, headers, body })));
  } catch (error) {
    return problemResponse(asSluiceError(error));
  }
}

/** The session's token is for the cookie alone, which scripts can't read. */
function withoutToken(answer: Response): Response {
  return answer.ok ? new Response(JSON.stringify({ ok: true }), answer) : answer;
}

export { handle as GET, handle as POST };
