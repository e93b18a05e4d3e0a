import pg from "pg";

/** Which clusters this process works on alone. What each kind of work is called: `replicas`, `traffic`, … */
export type ClusterHolds = {
  /**
   * Takes a cluster for one kind of work, or looks whether it is still this process's: ask before each round, one
   * round at a time.
   *
   * @returns a signal that ends the work once the cluster is lost; null while another process has it
   * @throws what the database throws
   */
  hold(work: string, targetId: string): Promise<AbortSignal | null>;
  /** Lets another process have it. */
  release(work: string, targetId: string): Promise<void>;
  close(): Promise<void>;
};

/** A connection that was heard from so lately isn't asked whether it is still there. */
const trustMs = 3_000;
const silenceMs = 5_000;

/**
 * Locks of Postgres, on one connection that does nothing else: they end with the connection, so those of a worker
 * that died are free at once.
 */
export function clusterHolds(databaseUrl: string): ClusterHolds {
  const held = new Map<string, AbortController>();
  let connection: Promise<pg.Client> | null = null;
  let heardAt = -Infinity;

  const lose = () => {
    connection = null;
    for (const controller of held.values()) controller.abort(new Error("the cluster was lost to others"));
    held.clear();
  };
  const connect = async (isCurrent: () => boolean) => {
    const client = new pg.Client({
      connectionString: databaseUrl,
      keepAlive: true,
      connectionTimeoutMillis: silenceMs,
      query_timeout: silenceMs,
    });
    client.on("error", () => undefined);
    client.on("end", () => {
      if (isCurrent()) lose();
    });
    await client.connect();
    return client;
  };
  const current = () => {
    if (connection) return connection;
    const made: Promise<pg.Client> = connect(() => connection === made);
    return (connection = made);
  };
  const ask = async (statement: string, values: string[]): Promise<boolean> => {
    const mine = current();
    try {
      const { rows } = await (await mine).query<{ yes: boolean }>(statement, values);
      heardAt = performance.now();
      return rows[0]?.yes ?? false;
    } catch (error) {
      // What it holds isn't known any more: the server frees it with the connection.
      if (connection === mine) lose();
      void mine.then(
        (client) => client.end(),
        () => undefined,
      );
      throw error;
    }
  };

  return {
    async hold(work, targetId) {
      const name = `${work}/${targetId}`;
      if (held.has(name) && performance.now() - heardAt > trustMs) await ask("select true as yes", []);
      const mine = held.get(name);
      if (mine) return mine.signal;
      const lock = "select pg_try_advisory_lock(hashtext($1), hashtext($2)) as yes";
      if (!(await ask(lock, [`sluice cluster ${work}`, targetId]))) return null;
      const controller = new AbortController();
      held.set(name, controller);
      return controller.signal;
    },
    async release(work, targetId) {
      const name = `${work}/${targetId}`;
      const controller = held.get(name);
      if (!controller) return;
      held.delete(name);
      controller.abort(new Error("the cluster was let go"));
      const unlock = "select pg_advisory_unlock(hashtext($1), hashtext($2)) as yes";
      await ask(unlock, [`sluice cluster ${work}`, targetId]);
    },
    async close() {
      const client = await connection?.catch(() => null);
      lose();
      await client?.end();
    },
  };
}
