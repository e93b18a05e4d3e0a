import { mkdir } from "node:fs/promises";
import path from "node:path";
import { engineEnvironment } from "#infra/engine/child-environment.ts";
import { testEngine } from "#infra/engine/engine-for-test.ts";
import type { PulumiStackOptions } from "#infra/engine/pulumi-driver.ts";
import { pulumiLook, type EngineLook } from "#infra/engine/pulumi-look.ts";
import { newStackSecrets } from "#infra/engine/stack-secrets.ts";
import { newId } from "#lib/ids.ts";

type Given = {
  deploymentId: string;
  program: PulumiStackOptions["program"];
  /** what the plugin finds in its environment, beside the engine's own */
  environment?: Record<string, string>;
};

/** The real engine, to look with at a new deployment, whose state is a file. @param folder an empty one, to be removed after */
export async function lookForTest(folder: string, given: Given): Promise<EngineLook> {
  const { deploymentId, program, environment = {} } = given;
  const engine = await testEngine();
  const secrets = await newStackSecrets();
  const state = path.join(folder, "state");
  await mkdir(state);
  const base = engineEnvironment(process.env, {
    cliPath: engine.path,
    folder,
    stateUrl: `file://${state}`,
    passphrase: secrets.passphrase,
    operationId: newId("op"),
    deploymentId,
    fence: 1,
    runtimeSocket: null,
  });
  return pulumiLook({
    cliPath: engine.path,
    cliVersion: engine.version,
    name: deploymentId,
    folder,
    secrets,
    env: { ...base, ...environment },
    program,
    isNew: true,
    patienceMs: 60_000,
  });
}
