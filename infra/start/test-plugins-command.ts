import { runStage } from "#infra/start/run-stage.ts";
import { setUpTests } from "#infra/start/set-up-tests.ts";
import { openTerminal } from "#infra/start/terminal.ts";
import { obtainKubernetesPlugin } from "#infra/tools/obtain-kubernetes-plugin.ts";
import { obtainPulumi } from "#infra/tools/obtain-pulumi.ts";
import { readEnv } from "#lib/env.ts";

// `npm run test:plugins`: what needs the plugin that only its vendor hands out. It sets up, starts the test cluster
// itself (or takes that of KUBECONFIG), previews every variant of the form and makes one whole journey. It ends well
// only if that ran with the vendor's own plugin.

const env = readEnv();
const terminal = openTerminal();

/** How long the vendor's server may take, in milliseconds. */
const timeoutMs = 120_000;

/** Previews of every variant; deployed, called, torn down to nothing. */
const checks = ["previews", "deploy"];

try {
  const plugin = await obtain();
  terminal.say(`Pulumi's plugin for Kubernetes: ${plugin.version}, ${plugin.path}`);
  await setUpTests(env, terminal);
  process.exitCode = await runStage(
    terminal,
    "the vendor's plugin for Kubernetes",
    ["e2e/cluster/run-checks.ts", "portal", ...checks],
    { SLUICE_TEST_NEEDS: "real" },
  );
  if (process.exitCode === 0) terminal.say("\nAll of it ran with the vendor's own plugin.");
} catch (error) {
  process.stderr.write(`\nNothing was tested: ${(error as Error).message}\n`);
  process.exitCode = 1;
}

/** Before all that takes its time: without the plugin there is nothing to do. */
async function obtain() {
  const options = {
    cache: env.SLUICE_CACHE,
    searchPath: env.PATH,
    signal: new AbortController().signal,
    onProgress: () => undefined,
  };
  const engine = await terminal.step("Obtaining Pulumi", "Pulumi ready", () => obtainPulumi(options));
  return obtainKubernetesPlugin({ ...options, engine: engine.path, timeoutMs });
}
