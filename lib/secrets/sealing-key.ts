import { readFileSync } from "node:fs";
import path from "node:path";
import type { Env } from "#lib/env.ts";
import { parseSealingKey, type SealingKey } from "#lib/secrets/seal.ts";

/**
 * The key that secrets are sealed with: SLUICE_KEY, else the file `key` under SLUICE_HOME (made at the first
 * start, 0600).
 *
 * @throws Error where neither is there
 */
export function readSealingKey(env: Pick<Env, "SLUICE_KEY" | "SLUICE_HOME">): SealingKey {
  if (env.SLUICE_KEY) return parseSealingKey(env.SLUICE_KEY);
  const file = path.join(env.SLUICE_HOME, "key");
  try {
    return parseSealingKey(readFileSync(file, "utf8").trim());
  } catch (cause) {
    throw new Error(
      `There is no usable sealing key: set SLUICE_KEY, or start Sluice once so that ${file} is made.`,
      {
        cause,
      },
    );
  }
}
