import * as z from "zod";
import { itemsOf, recordedEvent } from "#lib/web/answer-schemas.ts";
import { getOperation } from "#lib/operations/get-operation.ts";
import { listEvents } from "#lib/operations/list-events.ts";
import { isTerminal } from "#lib/operations/status.ts";
import { defineRoute } from "#lib/web/define-route.ts";
import { otherMethods } from "#lib/web/other-methods.ts";
import { endWhenSignedOut } from "#lib/web/end-when-signed-out.ts";
import { eventStream } from "#lib/web/event-stream.ts";
import { streamOperationEvents } from "#lib/web/operation-events.ts";
import { portal } from "#lib/web/portal.ts";

/** Events are counted by a column of 32 bits. */
const highestSeq = 2 ** 31 - 1;

const query = z.strictObject({
  /** number of the last event that is known already */
  after: z.coerce.number().int().min(0).max(highestSeq).default(0),
  limit: z.coerce.number().int().min(1).max(1000).default(1000),
  format: z.enum(["json", "sse"]).optional(),
});

export const GET = defineRoute({
  summary: "An operation's events after number `after`: a stream (SSE, id = number), or JSON if asked for",
  query,
  answer: itemsOf(recordedEvent),
  streams: true,
  async run(ctx, { params, query, request }) {
    const operationId = params.id ?? "";
    if (wantsJson(query.format, request)) {
      return { items: await listEvents(ctx, { operationId, after: query.after, limit: query.limit }) };
    }
    const operation = await getOperation(ctx, operationId);
    const lastSeen = Number(request.headers.get("last-event-id"));
    const known = Number.isInteger(lastSeen) && lastSeen <= highestSeq;
    const after = known ? Math.max(lastSeen, query.after) : query.after;
    // To a reader that has seen the end, "no content": a browser's EventSource then stops asking.
    if (isTerminal(operation.status) && after >= operation.lastSeq)
      return new Response(null, { status: 204 });
    return eventStream(request, (writer) => {
      endWhenSignedOut(portal(), request, writer);
      return streamOperationEvents(ctx, portal().changes, { operationId, after }, writer);
    });
  },
});

function wantsJson(format: "json" | "sse" | undefined, request: Request): boolean {
  if (format) return format === "json";
  const accept = request.headers.get("accept") ?? "";
  return accept.includes("application/json") && !accept.includes("text/event-stream");
}

export const { POST, PUT, PATCH, DELETE } = otherMethods("GET");
