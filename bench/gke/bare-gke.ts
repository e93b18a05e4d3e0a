import { mkdir } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { LocalWorkspace, PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import { parallelSteps, projectName } from "#infra/engine/pulumi-driver.ts";
import { projectApi } from "#infra/google/project-api.ts";
import { gkeProgram } from "#infra/targets/gke/program.ts";
import type { Spec } from "#lib/deployments/spec.ts";
import type { WorkerCredentials } from "#lib/targets/gke/credentials.ts";
import { planGke } from "#lib/targets/gke/plan.ts";
import type { GkeSettings } from "#lib/targets/gke/settings.ts";

/** What the process reads as JSON from its standard input. */
export type BareGke = {
  action: "up" | "destroy";
  /** the deployment's id too */
  stackName: string;
  spec: Spec;
  settings: GkeSettings;
  credentials: WorkerCredentials;
  googleEndpoint: string;
  workDir: string;
  /** folder of the CLI, which is in its `bin/` */
  cliRoot: string;
  /** the engine's environment */
  env: Record<string, string>;
};

/** What it writes to its standard output. */
export type BareGkeResult = { engineMs: number };

/** The reference: what anybody would write with the Automation API, on the same program. */
const given = JSON.parse(await text(process.stdin)) as BareGke;
const { action, stackName, spec, settings, workDir, cliRoot, env } = given;
await mkdir(env.HOME!, { recursive: true });
const { api, overridden } = projectApi({ ...given, project: settings.project });
const programOf = gkeProgram({
  deploymentId: stackName,
  spec,
  settings,
  secrets: { env: {} },
  api,
  endpoints: overridden,
  imports: new Map(),
  putFiles: null,
  onAddress: () => undefined,
  signal: new AbortController().signal,
  settleMs: 0,
});
// A tear-down needs the program's hooks and providers, and nothing of its plan.
const program = programOf(action === "up" ? planGke(stackName, spec, settings) : []);
const stack = await LocalWorkspace.createOrSelectStack(
  { stackName, projectName, program },
  {
    pulumiCommand: await PulumiCommand.get({ root: cliRoot }),
    workDir,
    envVars: env,
    secretsProvider: "passphrase",
  },
);
const started = performance.now();
if (action === "up") await stack.up({ parallel: parallelSteps });
else await stack.destroy({ runProgram: true, remove: true });
process.stdout.write(JSON.stringify({ engineMs: performance.now() - started } satisfies BareGkeResult));
process.exit(0);
