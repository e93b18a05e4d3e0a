import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { googleEndpoints } from "#infra/google/endpoints.ts";
import { googleEnvironment } from "#infra/targets/gke/engine-environment.ts";
import type { Spec } from "#lib/deployments/spec.ts";
import type { OperationView } from "#lib/deployments/view.ts";
import type { Stage } from "#lib/operations/stages.ts";
import { parseServiceAccountKey } from "#lib/targets/gke/credentials.ts";
import { tokenUriOf } from "#lib/targets/gke/endpoint-override.ts";
import { settingsOf } from "#lib/targets/gke/settings-of.ts";
import { barePlace } from "../bare-place.ts";
import type { BenchPortal } from "../portal.ts";
import { operationEvents } from "../portal-events.ts";
import { runChild } from "../run-child.ts";
import type { BareGke, BareGkeResult } from "./bare-gke.ts";
import type { BenchProject } from "./register-project.ts";

/** How many deployments at once, and of how many variants each. */
export type Batch = { atOnce: number; variants: number };

type Compared = {
  portalMs: number;
  bareMs: number;
  /** `stack.up()` or `stack.destroy()` alone */
  engineMs: number;
};

/** Milliseconds until the last of a batch is through. */
export type BatchTimes = { apply: Compared; destroy: Compared; probeMs: number; lookMs: number };

export type Bench = { portal: BenchPortal; project: BenchProject; image: string; googleEndpoint: string };

/** After an operation the worker readies a process for the next one: that isn't to slow down the reference. */
const settleMs = 3_000;

/**
 * How long deployments and their tear-downs take by API, from the request to the operation's end, against fresh Node
 * processes that call `stack.up()` and `stack.destroy()` on the same program with the same plugins and state backend.
 * `probeMs` is what the portal does after the engine (it waits for Google's health checks and asks the address), which
 * the reference doesn't; `portalMs` is without it. Of a tear-down it holds all, `lookMs` too: after the engine the portal
 * looks for whatever is left.
 */
export async function measureBatch(bench: Bench, batch: Batch): Promise<BatchTimes> {
  const deployed = await together(batch.atOnce, () => deployByApi(bench, batch.variants));
  const destroyed = await Promise.all(deployed.map(({ id }) => destroyByApi(bench, id)));
  const stacks = await together(batch.atOnce, () => bareWork(bench, deployed[0]!.spec));
  await pause(settleMs);
  const ups = await Promise.all(stacks.map((stack) => run({ ...stack, action: "up" })));
  const downs = await Promise.all(stacks.map((stack) => run({ ...stack, action: "destroy" })));
  return {
    apply: compared(deployed, ups),
    destroy: compared(destroyed, downs),
    probeMs: Math.max(...deployed.map(({ probeMs }) => probeMs)),
    lookMs: Math.max(...destroyed.map(({ lookMs }) => lookMs)),
  };
}

const together = <T>(count: number, work: () => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, work));

function compared(portal: { portalMs: number }[], bare: { bareMs: number; engineMs: number }[]): Compared {
  return {
    portalMs: Math.max(...portal.map(({ portalMs }) => portalMs)),
    bareMs: Math.max(...bare.map(({ bareMs }) => bareMs)),
    engineMs: Math.max(...bare.map(({ engineMs }) => engineMs)),
  };
}

async function deployByApi({ portal, project, image }: Bench, count: number) {
  const started = performance.now();
  const deployment = await portal.api.deploy({
    name: `bench-${randomUUID().slice(0, 8)}`,
    target: project.target,
    endpoint: { access: "open" },
    variants: Array.from({ length: count }, (_, index) => ({
      name: `v${index}`,
      weight: Math.floor(100 / count) + (index < 100 % count ? 1 : 0),
      model: { image, port: 8080, healthPath: "/healthz" },
      scaling: { minReplicas: 1, metric: "none" },
      resources: { cpu: "10m", memory: "32Mi" },
    })),
  });
  const probeMs = await ended(portal, deployment.operation.id, "first_answer");
  const portalMs = performance.now() - started - probeMs;
  return { id: deployment.id, spec: deployment.spec as Spec, portalMs, probeMs };
}

async function destroyByApi({ portal }: Bench, id: string): Promise<{ portalMs: number; lookMs: number }> {
  const started = performance.now();
  const { status, body } = await portal.api.send<OperationView>("DELETE", `/deployments/${id}`);
  if (status !== 202) throw new Error(`Not torn down: ${JSON.stringify(body)}`);
  const lookMs = await ended(portal, body.id, "checking");
  return { portalMs: performance.now() - started, lookMs };
}

/** Follows an operation to its end. @returns how long one of its stages took, in milliseconds */
async function ended({ api, url }: BenchPortal, operationId: string, stage: Stage): Promise<number> {
  let stageMs = NaN;
  let end = "without an end";
  const said: string[] = [];
  for await (const event of operationEvents(url, api.key, operationId)) {
    if (event.kind === "stage_ended" && event.stage === stage) stageMs = event.durationMs;
    if (event.kind === "log") said.push(event.text);
    if (event.kind === "ended") end = `${event.status} ${event.message ?? ""}`.trim();
  }
  if (end !== "succeeded")
    throw new Error(`The operation by API ended ${end}\n${said.slice(-30).join("\n")}`);
  return stageMs;
}

/** All that a process of the reference needs to work on a stack of its own. */
async function bareWork(
  { portal, project, googleEndpoint }: Bench,
  spec: Spec,
): Promise<Omit<BareGke, "action">> {
  const place = await barePlace(portal, null);
  const credentials = parseServiceAccountKey(JSON.stringify(project.key), {
    tokenUri: tokenUriOf(googleEndpoint),
  });
  const { id, nodes: nodeServiceAccount, imagePrefix } = project;
  return {
    ...place,
    spec,
    settings: {
      ...settingsOf(place.stackName, spec, { project: id, nodeServiceAccount, imagePrefix }),
      proxy: null,
    },
    credentials,
    googleEndpoint,
    env: { ...place.env, ...googleEnvironment(credentials, googleEndpoints(googleEndpoint)) },
  };
}

async function run(given: BareGke): Promise<{ bareMs: number; engineMs: number }> {
  const started = performance.now();
  const { engineMs } = await runChild<BareGkeResult>("gke/bare-gke.ts", given);
  return { bareMs: performance.now() - started, engineMs };
}
