import type { Context } from "#lib/context.ts";
import { endWhenSignedOut } from "#lib/web/end-when-signed-out.ts";
import type { EventWriter } from "#lib/web/event-stream.ts";
import type { Portal } from "#lib/web/portal.ts";
import { VisibleChanges } from "#lib/web/visible-changes.ts";

/** A browser then opens the stream anew, which renews its session's cookie. */
const longestMs = 12 * 3_600_000;

/**
 * Sends hints as they come: an event `change` for each that the person may see, `gap` where some may have been
 * missed (read everything again), and `state` when the database is lost and when it is back. It ends when the
 * session does, and after 12 hours.
 */
export async function streamChanges(
  ctx: Context,
  parts: Pick<Portal, "changes" | "db" | "clock" | "auth">,
  request: Request,
  writer: EventWriter,
): Promise<void> {
  const visible = new VisibleChanges(ctx);
  const stopListening = parts.changes.listen((change) => {
    if (change === "lost") return writer.send({ event: "state", data: { database: "down" } });
    if (change === "gap") {
      writer.send({ event: "state", data: { database: "up" } });
      return writer.send({ event: "gap", data: {} });
    }
    visible.sees(change).then(
      (sees) => sees && writer.send({ event: "change", data: change }),
      // Whether it may be seen can't be told just now: say that something may be missing.
      () => writer.send({ event: "gap", data: {} }),
    );
  });
  const timer = setTimeout(() => writer.close(), longestMs);
  endWhenSignedOut(parts, request, writer);
  await ended(writer.signal);
  clearTimeout(timer);
  stopListening();
}

function ended(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
