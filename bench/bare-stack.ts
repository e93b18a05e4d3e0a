import { mkdir } from "node:fs/promises";
import { LocalWorkspace, PulumiCommand, type PulumiFn, type Stack } from "@pulumi/pulumi/automation/index.js";
import { projectName } from "#infra/engine/pulumi-driver.ts";
import type { BarePlace } from "./bare-place.ts";

/** The reference's stack: what anybody would write with the Automation API. */
export async function bareStack(
  { stackName, workDir, cliRoot, env }: BarePlace,
  program: PulumiFn,
): Promise<Stack> {
  await mkdir(env.HOME!, { recursive: true });
  return LocalWorkspace.createOrSelectStack(
    { stackName, projectName, program },
    {
      pulumiCommand: await PulumiCommand.get({ root: cliRoot }),
      workDir,
      envVars: env,
      secretsProvider: "passphrase",
    },
  );
}
