import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "vitest";
import { lookForTest } from "#infra/engine/look-for-test.ts";
import type { PulumiStackOptions } from "#infra/engine/pulumi-driver.ts";
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
  const look = async () => {
    const engine = await lookForTest(folder, { deploymentId, program, environment });
    return engine.preview(plan, new AbortController().signal);
  };
  const steps = await look().finally(() => rm(folder, { recursive: true, force: true }));
  const key = ({ type, name }: { type: string; name: string }) => `${type} ${name}`;
  expect(steps.map(key).sort()).toEqual(plan.map(key).sort());
  expect(new Set(steps.map(({ change }) => change))).toEqual(new Set(["create"]));
}
