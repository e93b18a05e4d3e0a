import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { openDb } from "#lib/db.ts";
import { readEnv } from "#lib/env.ts";
import { rotateSealingKey } from "#lib/secrets/rotate.ts";
import { parseSealingKey } from "#lib/secrets/seal.ts";
import { onDatabase } from "#infra/postgres/connect.ts";
import { openDatabase } from "#infra/start/database.ts";
import { enterHome } from "#infra/start/home.ts";
import { nextKeyFile, takeNextKey } from "#infra/start/key.ts";
import { openTerminal } from "#infra/start/terminal.ts";

// `npm run rotate-key`: seals everything anew with a new key. Sluice must not run meanwhile: its processes hold
// the old key, and what they sealed with it afterwards would be lost.

const env = readEnv();
const terminal = openTerminal(process.stderr);
const file = path.join(env.SLUICE_HOME, "key");
const undo: (() => Promise<void>)[] = [];
try {
  const home = await enterHome(env.SLUICE_HOME);
  undo.push(() => home.leave());
  const { databases, key, stop } = await openDatabase(env, terminal);
  undo.push(stop);
  await requireAlone(databases.databaseUrl);

  const next = randomBytes(32).toString("base64");
  // Before the database changes, so that there is no moment without the key that opens it.
  await writeFile(nextKeyFile(file), `${next}\n`, { mode: 0o600 });
  const db = openDb(databases.databaseUrl, 1);
  const count = await terminal.step("Sealing everything anew", "Sealed anew", () =>
    rotateSealingKey(db, key.key, parseSealingKey(next)).finally(() => db.$disconnect()),
  );
  if (env.SLUICE_KEY === undefined) {
    await takeNextKey(file);
    terminal.say(
      `\n${count} values are sealed with a new key, which is in ${file}. Back it up, then start Sluice.`,
    );
  } else {
    terminal.say(`\n${count} values are sealed with a new key. Set SLUICE_KEY to this, then start Sluice:`);
    process.stdout.write(`${next}\n`);
  }
  terminal.say("Everyone has to sign in again.");
} catch (error) {
  process.exitCode = 1;
  process.stderr.write(`${(error as Error).message}\n`);
} finally {
  for (const step of undo.reverse()) await step();
}

/** A database of one's own may serve portals on other machines, which the data folder's lock can't see. */
async function requireAlone(url: string): Promise<void> {
  const others = await onDatabase(url, async (client) => {
    const { rows } = await client.query<{ count: number }>(
      `select count(*)::int as count from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`,
    );
    return rows[0]!.count;
  });
  if (others === 0) return;
  throw new Error(
    `${others} other connections use this database. Stop every Sluice on it first, then try again.`,
  );
}
