import { accessSync, constants } from "node:fs";

/** The release that SDK and CLI are pinned to. */
export const engineVersion = "3.259.0";

/** @throws Error with the fix, if there is no engine to test with */
export function enginePath(): string {
  const given = process.env.SLUICE_TEST_PULUMI;
  if (!given) throw new Error("Set SLUICE_TEST_PULUMI to the Pulumi CLI that the engine tests run with.");
  accessSync(given, constants.X_OK);
  return given;
}
