import path from "node:path";
import { obtainCloudPlugin } from "#e2e/cloud/stand-in/obtain-plugin.ts";
import { ClusterError } from "#e2e/cluster/cluster-error.ts";
import { inNetworkNamespace } from "#e2e/cluster/in-network-namespace.ts";
import { obtainCluster } from "#e2e/cluster/obtain-cluster.ts";
import { obtainPlugin } from "#e2e/cluster/obtain-plugin.ts";
import { setUpTests } from "#infra/start/set-up-tests.ts";
import { openTerminal } from "#infra/start/terminal.ts";
import { readEnv } from "#lib/env.ts";
import { say } from "../table.ts";

/**
 * Measures deployments in a Google project: on the model of Google's APIs before a test cluster, in a network namespace
 * of its own. Where that can't be had, it says that nothing of it was measured, and why.
 */
export async function benchGoogle(): Promise<void> {
  const env = readEnv();
  const { SLUICE_CACHE: cache, PATH: searchPath } = env;
  const { signal } = new AbortController();
  const options = { cache, searchPath, signal, onProgress: () => undefined };
  say("\nOn the model of Google's APIs, its delays at zero, before a test cluster of its own");
  try {
    await obtainCluster(options);
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    return say(`not measured: apply and destroy of the gke program. ${error.message}`);
  }
  await setUpTests(env, openTerminal());
  const google = await obtainCloudPlugin(options);
  const kubernetes = await obtainPlugin(options);
  say(`Plugin for Google's cloud: ${google.said}`);
  say(`Plugin for Kubernetes: ${kubernetes.said}`);
  const code = await inNetworkNamespace([process.execPath, path.join(import.meta.dirname, "main.ts")], {
    PATH: `${kubernetes.folder}:${google.folder}:${searchPath}`,
  });
  if (code !== 0) throw new Error("The part on the model of Google's APIs failed: see above.");
}
