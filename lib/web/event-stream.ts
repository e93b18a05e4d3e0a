import { apiHeaders } from "#lib/web/api-headers.ts";
import { asSluiceError } from "#lib/web/unexpected.ts";

/** Writes to one open stream of server-sent events. */
export type EventWriter = {
  /** @param id what `Last-Event-ID` brings back after a lost connection */
  send(event: { id?: string | number; event?: string; data: unknown }): void;
  /** Ends the stream; more calls do nothing. */
  close(): void;
  /** becomes aborted when the stream ends, whoever ended it */
  signal: AbortSignal;
};

const heartbeatMs = 15_000;
/** So much may wait for a reader that doesn't read. */
const mostWaitingBytes = 4 * 1024 * 1024;
const headers = {
  ...apiHeaders,
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-cache, no-store, no-transform",
  "x-accel-buffering": "no",
};

/**
 * Answers with a stream of server-sent events. `run` writes until it returns or the reader is gone; a comment
 * every 15 s keeps proxies from closing it and finds readers that are gone. A reader that has stalled while 4 MB
 * wait for it is cut off: it comes back with the number of the last event it got.
 */
export function eventStream(request: Request, run: (writer: EventWriter) => Promise<void>): Response {
  // Next answers HEAD with GET and leaves the body alone: a stream that nobody reads would never end.
  if (request.method === "HEAD") return new Response(null, { headers });
  const ended = new AbortController();
  const encoder = new TextEncoder();
  let stop = () => {};
  const source: UnderlyingDefaultSource<Uint8Array> = {
    start(controller) {
      const write = (text: string) => {
        if (ended.signal.aborted) return;
        if ((controller.desiredSize ?? 0) >= 0) return controller.enqueue(encoder.encode(text));
        stop();
        // Unlike closing, this lets go of what waits.
        controller.error(new Error("The reader of this stream has stalled."));
      };
      const heartbeat = setInterval(() => write(": still here\n\n"), heartbeatMs);
      stop = () => {
        if (ended.signal.aborted) return;
        ended.abort();
        clearInterval(heartbeat);
      };
      const close = () => {
        if (ended.signal.aborted) return;
        stop();
        controller.close();
      };
      request.signal.addEventListener("abort", close, { signal: ended.signal });
      if (request.signal.aborted) return close();
      // Some proxies hold a response back until its first bytes.
      write("retry: 1000\n\n");
      const send: EventWriter["send"] = ({ id, event, data }) =>
        write(
          `${id === undefined ? "" : `id: ${id}\n`}${event === undefined ? "" : `event: ${event}\n`}data: ${JSON.stringify(data)}\n\n`,
        );
      void run({ send, close, signal: ended.signal }).then(close, (error: unknown) => {
        if (ended.signal.aborted) return;
        stop();
        controller.error(asSluiceError(error));
      });
    },
    cancel: () => stop(),
  };
  const waiting = new ByteLengthQueuingStrategy({ highWaterMark: mostWaitingBytes });
  return new Response(new ReadableStream(source, waiting), { headers });
}
