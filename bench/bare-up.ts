import { mkdir } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { LocalWorkspace, PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import { projectName } from "#infra/engine/pulumi-driver.ts";
import { localProgram } from "#infra/targets/local/program.ts";
import type { PlannedResource } from "#lib/targets/plan.ts";

/** What the process reads as JSON from its standard input. */
export type BareUp = {
  action: "up" | "destroy";
  stackName: string;
  plan: PlannedResource[];
  workDir: string;
  /** folder of the CLI, which is in its `bin/` */
  cliRoot: string;
  /** the engine's environment */
  env: Record<string, string>;
};

/** What it writes to its standard output. */
export type BareUpResult = { upMs: number };

/** The reference: what anybody would write with the Automation API, on the same program. */
const { action, stackName, plan, workDir, cliRoot, env } = JSON.parse(await text(process.stdin)) as BareUp;
await mkdir(env.HOME!, { recursive: true });
const stack = await LocalWorkspace.createOrSelectStack(
  { stackName, projectName, program: localProgram(plan) },
  {
    pulumiCommand: await PulumiCommand.get({ root: cliRoot }),
    workDir,
    envVars: env,
    secretsProvider: "passphrase",
  },
);
const started = performance.now();
if (action === "up") await stack.up();
else await stack.destroy({ remove: true });
process.stdout.write(JSON.stringify({ upMs: performance.now() - started } satisfies BareUpResult));
process.exit(0);
