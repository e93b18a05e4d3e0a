import { defineRoute } from "#lib/web/define-route.ts";
import { eventStream } from "#lib/web/event-stream.ts";
import { portal } from "#lib/web/portal.ts";
import { streamChanges } from "#lib/web/stream-changes.ts";

export const GET = defineRoute({
  summary: "Hints of what changed, for the browser's one shared stream",
  streams: true,
  run: async (ctx, { request }) =>
    eventStream(request, (writer) => streamChanges(ctx, portal(), request, writer)),
});
