import { isDeepStrictEqual } from "node:util";
import path from "node:path";
import { ClusterError } from "#e2e/cluster/cluster-error.ts";
import { inNetworkNamespace } from "#e2e/cluster/in-network-namespace.ts";
import { machineState } from "#e2e/cluster/machine-state.ts";
import { obtainCluster } from "#e2e/cluster/obtain-cluster.ts";
import { readEnv } from "#lib/env.ts";

// Gets the cluster's programs, then runs the cluster's own checks in a network namespace, and looks whether the
// machine is afterwards as it was before. Arguments are vitest's.

const { SLUICE_CACHE: cache, PATH: searchPath } = readEnv();
const vitest = path.resolve(import.meta.dirname, "../../node_modules/vitest/vitest.mjs");
const config = path.join(import.meta.dirname, "vitest.config.ts");
const started = performance.now();
const say = (text: string) =>
  void process.stdout.write(`${((performance.now() - started) / 1000).toFixed(0).padStart(4)} s  ${text}\n`);

process.exitCode = await main();

async function main(): Promise<number> {
  let said = "";
  const onProgress = (step: string, fraction: number | null) => {
    const line =
      fraction === null ? step.replace(/: \d+ \w+$/, "") : `${step}: ${Math.floor(fraction * 10) * 10} %`;
    if (line !== said) say((said = line));
  };
  try {
    await obtainCluster({ cache, searchPath, signal: new AbortController().signal, onProgress });
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    say(`skipped: the test cluster (${error.reason}): ${error.message}`);
    return 0;
  }
  const before = await machineState();
  say("Running the checks in a network namespace");
  const code = await inNetworkNamespace([
    process.execPath,
    vitest,
    "run",
    "--config",
    config,
    ...process.argv.slice(2),
  ]);
  const after = await machineState();
  for (const [name, was] of Object.entries(before)) {
    if (was !== after[name]) say(`changed: ${name}\n${was}\n──\n${after[name]}`);
  }
  if (!isDeepStrictEqual(before, after)) return 1;
  say(
    "The machine's interfaces, addresses, routes, packet rules, mounts and control groups are as they were",
  );
  return code;
}
