import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { parseSealingKey, seal, unseal, type SealingKey } from "#lib/secrets/seal.ts";
import { onDatabase } from "#infra/postgres/connect.ts";

// A sealed text in the table `setting`: it opens only with the key that everything else was sealed with.
export const canary = { setting: "sealing_key_canary", owner: "setting:sealing_key_canary", text: "sluice" };

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
  const base64 = given ?? (await readKeyFile(file));
  const sealed = await readCanary(lookUrl);
  if (base64 === null) {
    if (sealed !== null) throw new Error(explainKey(`The sealing key is gone: there is no file ${file}`, file));
    const made = randomBytes(32).toString("base64");
    await writeFile(file, `${made}\n`, { mode: 0o600, flag: "wx" });
    return { key: parseSealingKey(made), base64: made };
  }
  const key = parseSealingKey(base64);
  if (sealed !== null) prove(key, sealed, given === undefined ? `The key in ${file}` : "SLUICE_KEY", file);
  return { key, base64 };
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

function prove(key: SealingKey, sealed: string, which: string, file: string): void {
  try {
    unseal(key, canary.owner, sealed);
  } catch (cause) {
    throw new Error(explainKey(`${which} isn't the key that this database was sealed with`, file), { cause });
  }
}

function explainKey(what: string, file: string): string {
  return [
    `${what}.`,
    "",
    "Without the right key these stay unreadable: secret environment values, and the engine's passphrases, without",
    "which existing deployments can't be changed or torn down. People, specs and history are not affected.",
    "",
    `If you have a copy: put it into ${file} (mode 0600) or set SLUICE_KEY, then start again.`,
    "If it is lost for good: start with an empty data folder (SLUICE_HOME) and an empty database.",
  ].join("\n");
}
