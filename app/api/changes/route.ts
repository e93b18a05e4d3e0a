import { renewSession } from "#lib/auth/renew-session.ts";
import { defineRoute } from "#lib/web/define-route.ts";
import { eventStream } from "#lib/web/event-stream.ts";
import { portal } from "#lib/web/portal.ts";
import { streamChanges } from "#lib/web/stream-changes.ts";

export const GET = defineRoute({
  summary: "Hints of what changed, for the browser's one shared stream; renews the session's cookie",
  streams: true,
  async run(ctx, { request }) {
    const cookies = await renewSession(portal().auth, request.headers);
    const answer = eventStream(request, (writer) => streamChanges(ctx, portal(), request, writer));
    for (const cookie of cookies) answer.headers.append("set-cookie", cookie);
    return answer;
  },
});
