import { affinityCookieValue } from "#lib/routing/affinity-cookie.ts";
import type { BalancedPool, BalancedServer } from "#infra/local-runtime/haproxy/model.ts";
import { serverName } from "#infra/local-runtime/haproxy/names.ts";

/**
 * The words after a server's name, the same in the file and in `add server`, which has no defaults. The id keeps
 * consistent hashing the same over a reload.
 */
export function serverWords(pool: BalancedPool, server: BalancedServer): string {
  const cookie =
    pool.affinity.by === "cookie" ? ` cookie ${affinityCookieValue(pool.variant, server.ordinal)}` : "";
  return (
    `unix@${server.socket} id ${server.ordinal} maxconn ${server.maxConnections}${cookie}` +
    ` check inter 1s fastinter 250ms downinter 250ms fall 3 rise 1`
  );
}

export function serverLine(pool: BalancedPool, server: BalancedServer): string {
  return `  server ${serverName(server.ordinal)} ${serverWords(pool, server)}`;
}
