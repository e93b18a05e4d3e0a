import { Socket } from "node:net";
import { PrismaPg } from "@prisma/adapter-pg";
import { PrismaClient } from "#prisma/generated/client.ts";

export type Db = PrismaClient;
/** What a verb may use inside a transaction. */
export type Tx = Omit<PrismaClient, "$connect" | "$disconnect" | "$on" | "$transaction" | "$extends">;

/**
 * Opens a pool of connections to the portal's database.
 *
 * @param url a postgres:// URL
 * @param poolSize the most connections this process may hold
 * @param silenceMs a connection on which the server says nothing for this long is given up, and the query on it
 *   fails; without it a query waits as long as the server takes
 */
export function openDb(url: string, poolSize = 8, silenceMs?: number): Db {
  const adapter = new PrismaPg({
    connectionString: url,
    max: poolSize,
    connectionTimeoutMillis: 5_000,
    ...(silenceMs !== undefined && { stream: () => impatientSocket(silenceMs) }),
  });
  return new PrismaClient({ adapter });
}

/**
 * A frozen server keeps its connections open and never answers. The driver's own `query_timeout` would put such a
 * connection back into the pool, with a transaction open on it; one that is destroyed can't come back.
 */
function impatientSocket(silenceMs: number): Socket {
  const socket = new Socket();
  return socket.setTimeout(silenceMs, () => socket.destroy());
}
