import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { newApiKey, PortalApi } from "#e2e/portal/api.ts";
import startPortal from "#e2e/start-portal.ts";
import { readRunFile, type RunFile } from "#infra/start/run-file.ts";
import { findPulumi } from "#infra/tools/find-pulumi.ts";
import { readEnv } from "#lib/env.ts";

export type BenchPortal = { api: PortalApi; url: string; home: string; run: RunFile; cliRoot: string };

/** A portal for the measurements alone, in a data folder of its own. */
export async function startedPortal(): Promise<BenchPortal & { stop: () => Promise<void> }> {
  const stop = (await startPortal()) ?? (async () => undefined);
  const url = process.env.SLUICE_TEST_URL!;
  const home = process.env.SLUICE_TEST_HOME!;
  const run = await readRunFile(home);
  if (!run) throw new Error("The portal runs, but wrote down nowhere how to reach it.");
  const api = new PortalApi(newApiKey("bench"));
  return { api, url, home, run, cliRoot: await engineFolder(), stop };
}

/** Where the engine is. The portal obtains it after it answers, which can take minutes the first time. */
async function engineFolder(): Promise<string> {
  for (let waited = 0; waited < 900; waited += 1) {
    const engine = await findPulumi(readEnv().SLUICE_CACHE, process.env.PATH ?? "");
    if (engine) return path.resolve(engine.path, "../..");
    await pause(1_000);
  }
  throw new Error("The portal has no engine yet. See its targets page for why, then run this again.");
}
