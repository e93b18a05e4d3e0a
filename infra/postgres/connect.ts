import pg from "pg";
import { DatabaseUnreachable } from "#lib/database-unreachable.ts";

/**
 * Runs one piece of work on a connection of its own, and closes it whatever happens.
 *
 * @throws DatabaseUnreachable that names the server if it can't be reached; what Postgres itself says is thrown as it is
 */
export async function onDatabase<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  // A connection lost while idle must not end the process; the next query reports it.
  client.on("error", () => undefined);
  await client.connect().catch((cause: Error & { code?: string }) => {
    if (cause instanceof pg.DatabaseError) throw cause;
    const { host } = new URL(url);
    const why = cause.code ?? cause.message;
    throw new DatabaseUnreachable(`The database server at ${host} can't be reached (${why}).`, { cause });
  });
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
