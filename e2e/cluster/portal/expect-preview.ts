import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "vitest";
import { engineEnvironment } from "#infra/engine/child-environment.ts";
import { testEngine } from "#infra/engine/engine-for-test.ts";
import type { PulumiStackOptions } from "#infra/engine/pulumi-driver.ts";
import { pulumiLook, type EngineStep } from "#infra/engine/pulumi-look.ts";
import { newStackSecrets } from "#infra/engine/stack-secrets.ts";
import { newId } from "#lib/ids.ts";
import type { PlannedResource } from "#lib/targets/plan.ts";

/**
 * Has the engine preview the plan of a new deployment, and expects it to make all that is planned and nothing else.
 *
 * @param environment what the plugin finds in its environment, beside the engine's own
 */
export async function expectPreview(
  deploymentId: string,
  plan: PlannedResource[],
  program: PulumiStackOptions["program"],
  environment: Record<string, string> = {},
): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), "sluice-preview-"));
  const steps = await preview(folder, deploymentId, plan, program, environment).finally(() =>
    rm(folder, { recursive: true, force: true }),
  );
  const key = ({ type, name }: { type: string; name: string }) => `${type} ${name}`;
  expect(steps.map(key).sort()).toEqual(plan.map(key).sort());
  expect(new Set(steps.map(({ change }) => change))).toEqual(new Set(["create"]));
}

async function preview(
  folder: string,
  deploymentId: string,
  plan: PlannedResource[],
  program: PulumiStackOptions["program"],
  environment: Record<string, string>,
): Promise<EngineStep[]> {
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
  const look = await pulumiLook({
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
  return look.preview(plan, new AbortController().signal);
}
