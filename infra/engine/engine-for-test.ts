import { findPulumi } from "#infra/tools/find-pulumi.ts";
import type { Tool } from "#infra/tools/tool.ts";
import { readEnv } from "#lib/env.ts";

/** The engine that tests run with. @throws Error with the fix, if it isn't there */
export async function testEngine(): Promise<Tool> {
  const { SLUICE_CACHE } = readEnv();
  const found = await findPulumi(SLUICE_CACHE, process.env.PATH ?? "");
  if (found) return found;
  throw new Error(
    `The Pulumi CLI isn't in ${SLUICE_CACHE}: run npm start or npm test once, which obtain it.`,
  );
}
