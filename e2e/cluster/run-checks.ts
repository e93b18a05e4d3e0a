import { isDeepStrictEqual } from "node:util";
import { spawn } from "node:child_process";
import path from "node:path";
import { obtainCloudPlugin } from "#e2e/cloud/stand-in/obtain-plugin.ts";
import { ClusterError } from "#e2e/cluster/cluster-error.ts";
import { inNetworkNamespace } from "#e2e/cluster/in-network-namespace.ts";
import { machineState } from "#e2e/cluster/machine-state.ts";
import { obtainCluster } from "#e2e/cluster/obtain-cluster.ts";
import { obtainPlugin } from "#e2e/cluster/obtain-plugin.ts";
import { readEnv } from "#lib/env.ts";

// Gets the cluster's programs, then runs checks in a network namespace, and looks whether the machine is afterwards
// as it was before. The first argument may say which: `cluster`, the test cluster's own and the program's on it, or
// `portal`, the whole portal on one, or on the cluster that KUBECONFIG leads to. The others are vitest's. With `obtain`
// the programs are got, and nothing is run.

const { SLUICE_CACHE: cache, PATH: searchPath } = readEnv();
const configs = { cluster: "vitest.config.ts", portal: "portal/vitest.config.ts" };
const args = process.argv.slice(2);
const onlyObtains = args[0] === "obtain";
const which =
  args[0] === "portal" || args[0] === "cluster" ? (args.shift() as keyof typeof configs) : "cluster";
/** It is about the vendor's own plugins: without both there is nothing to run. */
const needsVendor = process.env.SLUICE_TEST_NEEDS === "real";
const started = performance.now();
const say = (text: string) =>
  void process.stdout.write(`${((performance.now() - started) / 1000).toFixed(0).padStart(4)} s  ${text}\n`);

process.exitCode = await main();

async function main(): Promise<number> {
  const command = [
    process.execPath,
    path.resolve(import.meta.dirname, "../../node_modules/vitest/vitest.mjs"),
    "run",
    "--config",
    path.join(import.meta.dirname, configs[which]),
    ...args,
  ];
  const given = which === "portal" && process.env.KUBECONFIG;
  const missing = given ? null : await obtain();
  if (missing) say(`No test cluster: ${missing}`);
  if (onlyObtains) return 0;
  if (missing) {
    if (needsVendor) return 1;
    // Their names are wanted all the same, so that each is known as skipped.
    return await plainly([...command, "--testNamePattern", "$^"], { SLUICE_CLUSTER_MISSING: missing });
  }
  const plugins = which === "portal" ? await findPlugins() : { isVendors: false, env: {} };
  if (needsVendor && !plugins.isVendors) return 1;
  if (given) return await plainly(command, plugins.env);
  const before = await machineState();
  say("Running the checks in a network namespace");
  const code = await inNetworkNamespace(command, plugins.env);
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

/** @returns why there can be no test cluster here; null when all of it is there */
async function obtain(): Promise<string | null> {
  try {
    await obtainCluster(obtaining());
    return null;
  } catch (error) {
    if (error instanceof ClusterError) return error.message;
    throw error;
  }
}

/** The engine's plugins, to be put on PATH, and whether both are the vendor's. */
async function findPlugins(): Promise<{ isVendors: boolean; env: Record<string, string> }> {
  const [kubernetes, cloud] = await Promise.all([obtainPlugin(obtaining()), obtainCloudPlugin(obtaining())]);
  say(`The engine's plugin for Kubernetes is ${kubernetes.said}`);
  say(`The engine's plugin for Google's cloud is ${cloud.said}`);
  return {
    isVendors: kubernetes.kind === "real" && cloud.kind === "real",
    env: {
      SLUICE_TEST_PLUGIN: kubernetes.kind,
      SLUICE_TEST_CLOUD_PLUGIN: cloud.kind,
      PATH: `${kubernetes.folder}:${cloud.folder}:${searchPath}`,
    },
  };
}

function obtaining() {
  let said = "";
  const onProgress = (step: string, fraction: number | null) => {
    const line =
      fraction === null ? step.replace(/: \d+ \w+$/, "") : `${step}: ${Math.floor(fraction * 10) * 10} %`;
    if (line !== said) say((said = line));
  };
  return { cache, searchPath, signal: new AbortController().signal, onProgress };
}

/** Runs a command as it is, in the machine's own network. */
function plainly(command: string[], env: Record<string, string>): Promise<number> {
  const [program, ...rest] = command;
  const child = spawn(program!, rest, {
    stdio: "inherit",
    env: { ...process.env, ...env } as NodeJS.ProcessEnv,
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? 1));
  });
}
