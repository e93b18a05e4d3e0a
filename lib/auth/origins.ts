import type { Env } from "#lib/env.ts";

/** The origins that the portal is reached by: both loopback names, and SLUICE_URL where it is set. */
export function ownOrigins(env: Pick<Env, "PORT" | "SLUICE_URL" | "SLUICE_BIND">): string[] {
  const host = env.SLUICE_BIND.includes(":") ? `[${env.SLUICE_BIND}]` : env.SLUICE_BIND;
  const hosts = ["localhost", "127.0.0.1", "[::1]", ...(isUnspecified(env.SLUICE_BIND) ? [] : [host])];
  const origins = hosts.map((name) => new URL(`http://${name}:${env.PORT}`).origin);
  if (env.SLUICE_URL) origins.push(new URL(env.SLUICE_URL).origin);
  return [...new Set(origins)];
}

/** The address that people are told. */
export function publicUrl(env: Pick<Env, "PORT" | "SLUICE_URL">): string {
  return env.SLUICE_URL ? new URL(env.SLUICE_URL).origin : new URL(`http://localhost:${env.PORT}`).origin;
}

function isUnspecified(address: string): boolean {
  return address === "0.0.0.0" || address === "::";
}
