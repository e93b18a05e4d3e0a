import type { Socket } from "node:net";
import { Pool, type PoolClient } from "pg";
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
 * @param silenceMs a connection on which the server says nothing for this long, while it is in use, is given up,
 *   and the query on it fails
 */
export function openDb(url: string, poolSize = 8, silenceMs = 30_000): Db {
  const pool = new Pool({ connectionString: url, max: poolSize, connectionTimeoutMillis: 5_000 });
  loseSilentConnections(pool, silenceMs);
  return new PrismaClient({ adapter: new PrismaPg(pool, { disposeExternalPool: true }) });
}

/**
 * A frozen server keeps its connections open and never answers. The driver's own `query_timeout` would put such a
 * connection back into the pool, with a transaction open on it; one that is destroyed can't come back. The silence
 * of one that nobody uses says nothing.
 */
function loseSilentConnections(pool: Pool, silenceMs: number): void {
  const socketOf = (client: PoolClient) => client.connection.stream as Socket;
  pool.on("connect", (client) => {
    const socket = socketOf(client);
    socket.on("timeout", () => socket.destroy());
  });
  pool.on("acquire", (client) => void socketOf(client).setTimeout(silenceMs));
  pool.on("release", (_, client) => void socketOf(client).setTimeout(0));
}
