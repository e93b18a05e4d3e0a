import { apiHeaders } from "#lib/web/api-headers.ts";
import { readHealth } from "#lib/web/health.ts";
import { portal } from "#lib/web/portal.ts";

export const dynamic = "force-dynamic";

/** Needs no key. 200 while only tools or targets are missing; 503 while the database doesn't answer. */
export async function GET(): Promise<Response> {
  const health = await readHealth(portal().db);
  const status = health.status === "unavailable" ? 503 : 200;
  return Response.json(health, { status, headers: apiHeaders });
}
