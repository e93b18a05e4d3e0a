import { apiRoutes } from "#lib/routes.ts";

const PATIENCE_MS = 4_000;

/** Whether the portal refuses to let this browser listen: of a stream that it refused, a page can't read why. */
export async function isSignedOut(): Promise<boolean> {
  try {
    const answer = await fetch(apiRoutes.changes, {
      method: "HEAD",
      cache: "no-store",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    return answer.status === 401;
  } catch {
    return false;
  }
}
