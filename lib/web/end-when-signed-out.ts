import { actorFromRequest } from "#lib/auth/actor-from-request.ts";
import { SluiceError } from "#lib/errors.ts";
import type { EventWriter } from "#lib/web/event-stream.ts";
import type { Portal } from "#lib/web/portal.ts";

/**
 * Ends an open stream within `everyMs` after who reads it was signed out or disabled, or their key revoked or
 * expired: that is asked again and again until the stream ends.
 */
export function endWhenSignedOut(
  parts: Pick<Portal, "db" | "clock" | "auth">,
  request: Request,
  writer: Pick<EventWriter, "close" | "signal">,
  everyMs = 30_000,
): void {
  if (writer.signal.aborted) return;
  const look = () =>
    void signedIn(parts, request).then((still) => {
      if (!still) writer.close();
      else if (!writer.signal.aborted) timer = setTimeout(look, everyMs);
    });
  let timer = setTimeout(look, everyMs);
  writer.signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
}

async function signedIn(parts: Pick<Portal, "db" | "clock" | "auth">, request: Request): Promise<boolean> {
  try {
    return (await actorFromRequest(parts, request.headers)) !== null;
  } catch (error) {
    // While the database is away nobody is signed out for it.
    return !(error instanceof SluiceError);
  }
}
