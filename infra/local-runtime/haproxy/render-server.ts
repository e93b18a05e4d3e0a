import { affinityCookieValue } from "#lib/routing/affinity-cookie.ts";
import type { BalancedPool, BalancedServer } from "#infra/local-runtime/haproxy/model.ts";
import { serverName } from "#infra/haproxy/names.ts";

/**
 * The words after a server's name, the same in the file and in `add server`, which has no defaults. The id keeps
 * consistent hashing the same over a reload. Connections of layer 4 may idle for long, so there a number of them
 * says nothing of how busy a replica is, and isn't limited.
 */
export function serverWords(layer: 4 | 7, pool: BalancedPool, server: BalancedServer): string {
  const cookie =
    pool.affinity.by === "cookie" && layer === 7
      ? ` cookie ${affinityCookieValue(pool.variant, server.ordinal)}`
      : "";
  const most = layer === 7 ? ` maxconn ${server.maxConnections}` : "";
  return (
    `unix@${server.socket} id ${server.ordinal}${most}${cookie}` +
    ` check inter 1s fastinter 250ms downinter 250ms fall 3 rise 1`
  );
}

export function serverLine(layer: 4 | 7, pool: BalancedPool, server: BalancedServer): string {
  return `  server ${serverName(server.ordinal)} ${serverWords(layer, pool, server)}`;
}
