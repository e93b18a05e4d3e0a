import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { Refusal } from "./refusal.ts";
import type { ServerEvent } from "./predict.ts";

/**
 * Writes events as server-sent events, each flushed as it comes. The head goes out with the first event, so that
 * a refusal before it is still an ordinary error answer. A failure after it is a last event `error`.
 *
 * @throws whatever the events throw before the first of them
 */
export async function sendEvents(
  response: ServerResponse,
  events: AsyncIterable<ServerEvent>,
  signal: AbortSignal,
): Promise<void> {
  try {
    for await (const event of events) {
      if (!response.headersSent) writeHead(response);
      if (!response.write(format(event))) await once(response, "drain", { signal });
    }
    if (!response.headersSent) writeHead(response);
  } catch (error) {
    if (!response.headersSent || signal.aborted) throw error;
    const known = error instanceof Refusal ? error : new Refusal(500, "internal", "The model failed.");
    response.write(format({ event: "error", data: { error: { code: known.code, message: known.message } } }));
    response.end();
    throw error;
  }
  response.end();
}

function writeHead(response: ServerResponse): void {
  response.writeHead(200, {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store, no-transform",
    "x-accel-buffering": "no",
  });
}

/** JSON has no raw line break, so one `data:` line holds it. */
function format({ event, data }: ServerEvent): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
