import { runtimeSocketPath } from "#infra/local-runtime/socket-path.ts";
import type { Spec } from "#lib/deployments/spec.ts";
import { planLocal } from "#lib/targets/local/plan.ts";
import { barePlace } from "./bare-place.ts";
import type { BareUp, BareUpResult } from "./bare-up.ts";
import type { BenchPortal } from "./portal.ts";
import { operationEvents } from "./portal-events.ts";
import { runChild } from "./run-child.ts";
import { median } from "./statistics.ts";

const rounds = 5;

export type DeployTime = {
  portalMs: number;
  probeMs: number;
  bareMs: number;
  bareUpMs: number;
  ratio: number;
};

/**
 * How long a deployment takes, by API from the request to its end (`ready`), against a fresh Node process that
 * calls `stack.up()` on the same inline program with the same state backend. Neither runs a preview. `portalMs`
 * leaves out the request through the endpoint that the portal proves itself with (`probeMs`), which the reference
 * doesn't make. The two take turns; `ratio` is the median of the rounds' ratios.
 */
export async function measureDeployTime(portal: BenchPortal): Promise<DeployTime> {
  const results: Omit<DeployTime, "ratio">[] = [];
  for (let round = 0; round <= rounds; round++) {
    const { spec, portalMs, probeMs } = await deployByApi(portal, `bench-${round}`);
    const { bareMs, bareUpMs } = await deployBare(portal, spec);
    if (round > 0) results.push({ portalMs, probeMs, bareMs, bareUpMs }); // the first warms both up
  }
  return {
    portalMs: median(results.map((result) => result.portalMs)),
    probeMs: median(results.map((result) => result.probeMs)),
    bareMs: median(results.map((result) => result.bareMs)),
    bareUpMs: median(results.map((result) => result.bareUpMs)),
    ratio: median(results.map((result) => result.portalMs / result.bareMs)),
  };
}

async function deployByApi({ api, url }: BenchPortal, name: string) {
  const started = performance.now();
  const deployment = await api.deploy({ name, target: "local", model: { preset: "sentiment" } });
  let probeMs = NaN;
  let ended = "without an end";
  for await (const event of operationEvents(url, api.key, deployment.operation.id)) {
    if (event.kind === "stage_ended" && event.stage === "first_answer") probeMs = event.durationMs;
    if (event.kind === "ended") ended = `${event.status} ${event.message ?? ""}`.trim();
  }
  const portalMs = performance.now() - started - probeMs;
  if (ended !== "succeeded") throw new Error(`The deployment by API ended ${ended}.`);
  await api.destroy(deployment.id);
  return { spec: deployment.spec as Spec, portalMs, probeMs };
}

async function deployBare(portal: BenchPortal, spec: Spec): Promise<{ bareMs: number; bareUpMs: number }> {
  const place = await barePlace(portal, runtimeSocketPath(portal.home));
  const up: BareUp = { ...place, action: "up", plan: planLocal(place.stackName, spec) };
  const started = performance.now();
  const { upMs: bareUpMs } = await runChild<BareUpResult>("bare-up.ts", up);
  const bareMs = performance.now() - started;
  await runChild("bare-up.ts", { ...up, action: "destroy" } satisfies BareUp);
  return { bareMs, bareUpMs };
}
