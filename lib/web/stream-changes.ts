import { actorFromRequest } from "#lib/auth/actor-from-request.ts";
import type { Context } from "#lib/context.ts";
import { SluiceError } from "#lib/errors.ts";
import type { EventWriter } from "#lib/web/event-stream.ts";
import type { Portal } from "#lib/web/portal.ts";
import { VisibleChanges } from "#lib/web/visible-changes.ts";

/** A session that ended (signed out, disabled) loses its open stream within this time. */
const checkSessionMs = 30_000;

/**
 * Sends hints as they come: an event `change` for each that the person may see, `gap` where some may have been
 * missed (read everything again), and `state` when the database is lost and when it is back. It ends when the
 * session does.
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
  try {
    while (await stillOpen(writer.signal)) {
      if (!(await stillSignedIn(parts, request))) return;
    }
  } finally {
    stopListening();
  }
}

/** Waits until the next check. @returns false as soon as the stream has ended */
function stillOpen(signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve(false);
    const end = () => {
      clearTimeout(timer);
      resolve(false);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", end);
      resolve(true);
    }, checkSessionMs);
    signal.addEventListener("abort", end, { once: true });
  });
}

async function stillSignedIn(
  parts: Pick<Portal, "db" | "clock" | "auth">,
  request: Request,
): Promise<boolean> {
  try {
    return (await actorFromRequest(parts, request.headers)) !== null;
  } catch (error) {
    // While the database is away nobody is signed out for it.
    return !(error instanceof SluiceError);
  }
}
