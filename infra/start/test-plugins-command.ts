import { runStage } from "#infra/start/run-stage.ts";
import { setUpTests } from "#infra/start/set-up-tests.ts";
import { openTerminal } from "#infra/start/terminal.ts";
import { vendorPlugins, type VendorPlugin } from "#infra/start/vendor-plugins.ts";
import { obtainPulumi } from "#infra/tools/obtain-pulumi.ts";
import { readEnv } from "#lib/env.ts";

// `npm run test:plugins`: what needs the plugins that only their vendor hands out. It sets up, starts the test cluster
// with the model of Google's APIs before it, previews every variant of the forms and makes whole journeys. With
// KUBECONFIG, what is about Kubernetes is done on that cluster; the model needs the one of its own. It ends well only if
// all of that ran with the vendor's own plugins.

const env = readEnv();
const terminal = openTerminal();

const onCluster = (...names: string[]) => names.map((name) => `e2e/cluster/portal/${name}`);

/** Previews of every variant; deployed, called, looked at again after a change by hand, and torn down to nothing. */
const checks = {
  kubernetes: onCluster("previews", "deploy", "drift"),
  /** These need what the test cluster alone has: changed, made in two attempts, and all that is at Google. */
  ownCluster: [
    ...onCluster("change", "interrupted"),
    ...["previews", "deploy", "change", "trouble", "failures", "static", "domain", "existing", "layer-4"].map(
      (name) => `e2e/cloud/portal/${name}`,
    ),
  ],
};

try {
  const plugins = await obtain();
  for (const plugin of plugins) terminal.say(said(plugin));
  await setUpTests(env, terminal);
  const codes = process.env.KUBECONFIG
    ? [
        await test("the vendor's plugin for Kubernetes, on the cluster of KUBECONFIG", checks.kubernetes),
        // An empty one counts as none.
        await test("the vendor's plugins, on the test cluster", checks.ownCluster, { KUBECONFIG: "" }),
      ]
    : [await test("the vendor's plugins", [...checks.kubernetes, ...checks.ownCluster])];
  process.exitCode = codes.find((code) => code !== 0) ?? 0;
  if (process.exitCode === 0) {
    terminal.say("\nAll of it ran with the vendor's own plugins:");
    for (const plugin of plugins) terminal.say(said(plugin));
  }
} catch (error) {
  process.stderr.write(`\nNothing was tested: ${(error as Error).message}\n`);
  process.exitCode = 1;
}

function said({ title, version, path }: VendorPlugin): string {
  return `Pulumi's plugin for ${title}: ${version}, ${path}`;
}

function test(name: string, files: string[], more: Record<string, string> = {}): Promise<number> {
  const args = ["e2e/cluster/run-checks.ts", "portal", ...files];
  return runStage(terminal, name, args, { ...more, SLUICE_TEST_NEEDS: "real" });
}

/** Before all that takes its time: without the plugins there is nothing to do. */
async function obtain(): Promise<VendorPlugin[]> {
  const options = {
    cache: env.SLUICE_CACHE,
    searchPath: env.PATH,
    signal: new AbortController().signal,
    onProgress: () => undefined,
  };
  const engine = await terminal.step("Obtaining Pulumi", "Pulumi ready", () => obtainPulumi(options));
  return vendorPlugins({ ...options, engine: engine.path });
}
