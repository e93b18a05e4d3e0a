import { setTimeout as sleep } from "node:timers/promises";
import type { Env } from "#lib/env.ts";

/** Where this machine itself reaches the portal. */
export function loopbackUrl(env: Env): string {
  const host = { "0.0.0.0": "127.0.0.1", "::": "[::1]" }[env.SLUICE_BIND] ?? env.SLUICE_BIND;
  return `http://${host.includes(":") && !host.startsWith("[") ? `[${host}]` : host}:${env.PORT}`;
}

/** The address to show to people. */
export function publicUrl(env: Env): string {
  if (env.SLUICE_URL) return env.SLUICE_URL.replace(/\/$/, "");
  const local = ["127.0.0.1", "0.0.0.0", "::", "::1"].includes(env.SLUICE_BIND);
  return local ? `http://localhost:${env.PORT}` : loopbackUrl(env);
}

/**
 * Waits until the portal answers that it is well.
 *
 * @param url the portal's own address
 * @throws Error with what it last answered, after two minutes
 */
export async function awaitHealth(url: string, signal: AbortSignal): Promise<void> {
  let last = "it didn't answer";
  const until = Date.now() + 120_000;
  while (Date.now() < until) {
    try {
      const answer = await fetch(`${url}/api/health`, {
        signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]),
      });
      await answer.arrayBuffer();
      if (answer.status === 200) return;
      last = `it answered with ${answer.status}`;
    } catch (error) {
      signal.throwIfAborted();
      last = `it didn't answer (${(error as Error).message})`;
    }
    await sleep(100, undefined, { signal });
  }
  throw new Error(`The portal was started, but ${last}.`);
}
