import { apiRoutes } from "#lib/routes.ts";

const PATIENCE_MS = 4_000;

/** Whether the portal and its database answer just now. */
export async function portalAnswers(): Promise<boolean> {
  try {
    const answer = await fetch(apiRoutes.health, {
      cache: "no-store",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    return answer.ok;
  } catch {
    return false;
  }
}
