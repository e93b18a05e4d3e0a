import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { deriveSecret } from "#lib/secrets/derive.ts";
import type { Env } from "#lib/env.ts";
import { setUpEmbedded, setUpGiven, type Databases } from "#infra/postgres/databases.ts";
import { startPostgres, type EmbeddedPostgres } from "#infra/postgres/embedded.ts";
import { plantCanary, settleKey, type KeyOnHand } from "#infra/start/key.ts";
import type { Terminal } from "#infra/start/terminal.ts";

export type OpenedDatabase = { databases: Databases; key: KeyOnHand; stop(): Promise<void> };

/** Brings up the database, embedded or given, proves the sealing key against it and applies the migrations. */
export async function openDatabase(env: Env, terminal: Terminal): Promise<OpenedDatabase> {
  const file = path.join(env.SLUICE_HOME, "key");
  const given = env.SLUICE_KEY;
  const databaseUrl = env.DATABASE_URL;
  if (databaseUrl) {
    return terminal.step("Setting up the database", "Database ready", async () => {
      const key = await settleKey({ given, file, lookUrl: databaseUrl });
      const databases = await setUpGiven(
        databaseUrl,
        env.SLUICE_STATE_URL,
        deriveSecret(key.key, "database roles"),
      );
      await plantCanary(databases.databaseUrl, key.key);
      return { databases, key, stop: async () => undefined };
    });
  }
  return terminal.step("Starting the embedded Postgres", "Embedded Postgres ready", async () => {
    const server = await keepPostgres(path.join(env.SLUICE_HOME, "postgres"), terminal);
    try {
      const lookUrl = Object.assign(new URL(server.adminUrl), { pathname: "/sluice" }).href;
      const key = await settleKey({ given, file, lookUrl });
      const databases = await setUpEmbedded(server.adminUrl, deriveSecret(key.key, "database roles"));
      await plantCanary(databases.databaseUrl, key.key);
      const stop = () => terminal.step("Stopping Postgres", "Stopped: Postgres", () => server.stop());
      return { databases, key, stop };
    } catch (error) {
      await server.stop();
      throw error;
    }
  });
}

/** Starts the server, and starts it again on the same port whenever it ends by itself. */
async function keepPostgres(
  folder: string,
  terminal: Terminal,
): Promise<{ adminUrl: string; stop(): Promise<void> }> {
  let stopping = false;
  let server = await startPostgres({ folder });
  const { adminUrl, port } = server;
  const watch = (running: EmbeddedPostgres) => void running.ended.then(restart);
  let restarting = Promise.resolve();
  const restart = () => {
    restarting = (async () => {
      for (let pause = 500; !stopping; pause = Math.min(pause * 2, 10_000)) {
        terminal.say(
          `  ! postgres ended; starting it again in ${pause / 1000} s. Its log: ${path.join(folder, "log")}`,
        );
        await sleep(pause);
        if (stopping) return;
        try {
          server = await startPostgres({ folder, port });
          return watch(server);
        } catch (error) {
          terminal.say(`  ! ${(error as Error).message}`);
        }
      }
    })();
  };
  watch(server);
  return {
    adminUrl,
    async stop() {
      stopping = true;
      await restarting;
      await server.stop();
    },
  };
}
