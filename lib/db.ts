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
 */
export function openDb(url: string, poolSize = 8): Db {
  const adapter = new PrismaPg({ connectionString: url, max: poolSize, connectionTimeoutMillis: 5_000 });
  return new PrismaClient({ adapter });
}
