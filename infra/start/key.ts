import { randomBytes } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { canary } from "#lib/secrets/canary.ts";
import { parseSealingKey, seal, unseal, UnsealError, type SealingKey } from "#lib/secrets/seal.ts";
import { onDatabase } from "#infra/postgres/connect.ts";

export type KeyOnHand = { key: SealingKey; base64: string };

/**
 * Reads the sealing key from SLUICE_KEY or its file, proves it against what the database was sealed with, and
 * makes one for a new database.
 *
 * @param options.lookUrl a database that may hold the canary already; it may also not exist yet
 * @throws Error that says what a wrong or lost key means and what to do
 */
export async function settleKey(options: {
  given: string | undefined;
  file: string;
  lookUrl: string;
}): Promise<KeyOnHand> {
  const { given, file, lookUrl } = options;
  const sealed = await readCanary(lookUrl);
  const base64 = given ?? (await readKeyFile(file));
  if (sealed === null) return onHand(base64 ?? (await makeKey(file)));
  if (base64 !== null && opens(base64, sealed)) {
    await rm(nextKeyFile(file), { force: true });
    return onHand(base64);
  }
  const next = given === undefined ? await readKeyFile(nextKeyFile(file)) : null;
  if (next !== null && opens(next, sealed)) {
    await takeNextKey(file);
    return onHand(next);
  }
  if (base64 === null) throw new Error(explainKey(`The sealing key is gone: there is no file ${file}`, file));
  const which = given === undefined ? `The key in ${file}` : "SLUICE_KEY";
  throw new Error(explainKey(`${which} isn't the key that this database was sealed with`, file));
}

/** Where a rotation keeps the new key until it is known to be the one: a crash in the middle loses neither. */
export const nextKeyFile = (file: string) => `${file}.next`;

/** Ends a rotation: the new key takes the old one's place. */
export async function takeNextKey(file: string): Promise<void> {
  await rename(nextKeyFile(file), file);
}

/** Seals the canary if the database has none yet. */
export async function plantCanary(databaseUrl: string, key: SealingKey): Promise<void> {
  await onDatabase(databaseUrl, (client) =>
    client.query("insert into setting (name, value) values ($1, $2) on conflict (name) do nothing", [
      canary.setting,
      seal(key, canary.owner, canary.text),
    ]),
  );
}

async function readKeyFile(file: string): Promise<string | null> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw new Error(`The key file ${file} can't be read (${error.code}).`, { cause: error });
  });
  return text === null ? null : text.trim();
}

async function readCanary(url: string): Promise<string | null> {
  try {
    return await onDatabase(url, async (client) => {
      const { rows } = await client.query<{ value: string }>("select value from setting where name = $1", [
        canary.setting,
      ]);
      return rows[0]?.value ?? null;
    });
  } catch (error) {
    // No such database, no such table: a new portal.
    if (["3D000", "42P01"].includes((error as { code?: string }).code ?? "")) return null;
    throw error;
  }
}

function onHand(base64: string): KeyOnHand {
  return { key: parseSealingKey(base64), base64 };
}

async function makeKey(file: string): Promise<string> {
  const made = randomBytes(32).toString("base64");
  await writeFile(file, `${made}\n`, { mode: 0o600, flag: "wx" });
  return made;
}

function opens(base64: string, sealed: string): boolean {
  try {
    unseal(parseSealingKey(base64), canary.owner, sealed);
    return true;
  } catch (error) {
    if (error instanceof UnsealError) return false;
    throw error;
  }
}

function explainKey(what: string, file: string): string {
  return [
    `${what}.`,
    "",
    "Without the right key these stay unreadable: secret environment values, and the engine's passphrases, without",
    "which existing deployments can't be changed or torn down. People, specs and history are not affected.",
    "",
    `If the key was rotated with SLUICE_KEY set, the new one is in ${nextKeyFile(file)}.`,
    `If you have a copy: put it into ${file} (mode 0600) or set SLUICE_KEY, then start again.`,
    "If it is lost for good: start with an empty data folder (SLUICE_HOME) and an empty database.",
  ].join("\n");
}
