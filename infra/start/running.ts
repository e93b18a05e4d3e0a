import { systemClock } from "#lib/clock.ts";
import type { Context } from "#lib/context.ts";
import { openDb } from "#lib/db.ts";
import { readEnv } from "#lib/env.ts";
import { SluiceError } from "#lib/errors.ts";
import { publicUrl } from "#infra/start/await-health.ts";
import { readRunFile } from "#infra/start/run-file.ts";

/** The portal as a command on its machine reaches it: its database, and the address that people know it by. */
export type Running = { ctx: Context; url: string };

/**
 * Runs one command against the portal's database and ends the process: with 0, or with 1 and a sentence on
 * standard error. Only what the command itself prints reaches standard output.
 *
 * @param reason why it acts without being signed in, for the audit
 */
export async function onRunning(reason: string, command: (running: Running) => Promise<void>): Promise<void> {
  try {
    const env = readEnv();
    const run = await readRunFile(env.SLUICE_HOME);
    const databaseUrl = env.DATABASE_URL ?? run?.databaseUrl;
    if (!databaseUrl) {
      throw new Error(
        `Sluice doesn't run on ${env.SLUICE_HOME}. Start it with \`npm start\`, or set SLUICE_HOME to the data folder ` +
          "of the one that runs, and try again.",
      );
    }
    const db = openDb(databaseUrl, 2);
    try {
      const ctx: Context = { db, clock: systemClock, actor: { type: "system", reason } };
      await command({ ctx, url: run?.url ?? publicUrl(env) });
    } finally {
      await db.$disconnect();
    }
  } catch (error) {
    process.exitCode = 1;
    process.stderr.write(`${explain(error)}\n`);
  }
}

function explain(error: unknown): string {
  if (error instanceof SluiceError || !/ECONNREFUSED|Can't reach|connect/i.test(String(error))) {
    return (error as Error).message;
  }
  return `The database doesn't answer. Does Sluice run? (${(error as Error).message})`;
}
