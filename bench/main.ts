import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { newApiKey, PortalApi } from "#e2e/portal/api.ts";
import startPortal from "#e2e/start-portal.ts";
import { freePort } from "#infra/postgres/free-port.ts";
import { readRunFile } from "#infra/start/run-file.ts";
import { findPulumi } from "#infra/tools/find-pulumi.ts";
import { readEnv } from "#lib/env.ts";
import { startBareHaproxy } from "./bare-haproxy.ts";
import { measureDeployTime, type BenchPortal } from "./deploy-time.ts";
import { descendantsOf, environmentOf, executableOf } from "./processes.ts";
import { measureProxyCost } from "./proxy-cost.ts";
import { measureStreamDelay } from "./stream-delay.ts";

// `npm run bench`: medians and ratios of a portal that is started for it and stopped after; `npm run bench -- stream`
// is one part alone. Nothing is judged here: a machine that is busy with something else gives other figures.

const say = (text: string) => process.stdout.write(`${text}\n`);

async function startedPortal(): Promise<BenchPortal & { stop: () => Promise<void> }> {
  const stop = (await startPortal()) ?? (async () => undefined);
  const url = process.env.SLUICE_TEST_URL!;
  const home = process.env.SLUICE_TEST_HOME!;
  const run = await readRunFile(home);
  if (!run) throw new Error("The portal runs, but wrote down nowhere how to reach it.");
  const api = new PortalApi(newApiKey("bench"));
  return { api, url, home, run, cliRoot: await engineFolder(), stop };
}

/** Where the engine is. The portal obtains it after it answers, which can take minutes the first time. */
async function engineFolder(): Promise<string> {
  for (let waited = 0; waited < 900; waited += 1) {
    const engine = await findPulumi(readEnv().SLUICE_CACHE, process.env.PATH ?? "");
    if (engine) return path.resolve(engine.path, "../..");
    await pause(1_000);
  }
  throw new Error("The portal has no engine yet. See its targets page for why, then run this again.");
}

/** The processes that carry and account for requests: HAProxy's, and the runtime that reads its log. */
function dataPlane(portalPid: number): { haproxy: number[]; runtime: number[] } {
  const all = descendantsOf(portalPid);
  const haproxy = all.filter(({ name }) => name === "haproxy").map(({ pid }) => pid);
  const runtime = all
    .filter(({ commandLine }) => commandLine.some((word) => word.endsWith("infra/local-runtime/main.ts")))
    .map(({ pid }) => pid);
  if (haproxy.length === 0 || runtime.length === 0) throw new Error("HAProxy and the runtime weren't found.");
  return { haproxy, runtime };
}

async function socketsOf(api: PortalApi, name: string): Promise<string[]> {
  const { body } = await api.send<{ items: { pid: number }[] }>("GET", `/deployments/${name}/replicas`);
  return body.items.map(({ pid }) => environmentOf(pid).SLUICE_SOCKET!);
}

async function proxyCost(portal: BenchPortal) {
  const { api } = portal;
  const scaling = { minReplicas: 2, maxReplicas: 2, metric: "none" };
  const deployment = await api.ready({
    name: "cost",
    target: "local",
    model: { preset: "sentiment" },
    scaling,
  });
  const { haproxy, runtime } = dataPlane(portal.run.pid);
  const folder = await mkdtemp(path.join(tmpdir(), "sluice-bench-"));
  const bare = await startBareHaproxy({
    executable: executableOf(haproxy[0]!),
    folder,
    port: await freePort(),
    sockets: await socketsOf(api, "cost"),
  });
  try {
    const headers = { authorization: `Bearer ${api.key}` };
    return await measureProxyCost({ url: deployment.endpoint.url, haproxy, runtime, headers }, bare);
  } finally {
    await bare.stop();
    await rm(folder, { recursive: true });
    await api.destroy("cost");
  }
}

async function streamDelay({ api }: BenchPortal) {
  const scaling = { minReplicas: 1, maxReplicas: 1, metric: "none" };
  const deployment = await api.ready({
    name: "stream",
    target: "local",
    model: { preset: "sentiment" },
    scaling,
  });
  const [replicaSocket] = await socketsOf(api, "stream");
  const headers = { authorization: `Bearer ${api.key}` };
  const result = await measureStreamDelay({
    url: deployment.endpoint.url,
    headers,
    replicaSocket: replicaSocket!,
  });
  await api.destroy("stream");
  return result;
}

const us = (value: number) => `${value.toFixed(0)} µs`;
const ms = (value: number) => `${value.toFixed(value < 10 ? 2 : 0)} ms`;
const row = (...cells: string[]) =>
  say(cells.map((cell, i) => (i === 0 ? cell.padEnd(44) : cell.padStart(14))).join(""));

async function printDeployTime(portal: BenchPortal): Promise<void> {
  const { portalMs, probeMs, bareMs, bareUpMs, ratio } = await measureDeployTime(portal);
  row("deploy by API to ready, without the probe", ms(portalMs), ms(bareMs), ratio.toFixed(2), "≤ 1.25");
  row("  the probe: requests through the endpoint", ms(probeMs));
  row("  the reference's stack.up() alone", "", ms(bareUpMs));
}

async function printProxyCost(portal: BenchPortal): Promise<void> {
  const { sluiceUs, haproxyUs, runtimeUs, bareUs, ratio, runtimeAtRest } = await proxyCost(portal);
  row("processor time per proxied request", us(sluiceUs), us(bareUs), ratio.toFixed(2), "≤ 1.50");
  row("  of that HAProxy", us(haproxyUs), us(bareUs));
  row("  of that the runtime", us(runtimeUs));
  row("  the runtime without requests", `${(runtimeAtRest * 100).toFixed(1)} % of a core`);
}

async function printStreamDelay(portal: BenchPortal): Promise<void> {
  const { p50, p99 } = await streamDelay(portal);
  row("delay of streamed events, p99", ms(p99.endpoint), ms(p99.direct), `+ ${ms(p99.added)}`, "≤ + 2 ms");
  row("  p50", ms(p50.endpoint), ms(p50.direct), `+ ${ms(p50.added)}`);
}

const parts = { deploy: printDeployTime, request: printProxyCost, stream: printStreamDelay };
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(parts, name));
if (unknown.length > 0)
  throw new Error(`There is no ${unknown.join(", ")}: choose of ${Object.keys(parts).join(", ")}.`);

say("Starting a portal of its own …");
const portal = await startedPortal();
for (const signal of ["SIGINT", "SIGTERM"])
  process.once(signal, () => void portal.stop().then(() => process.exit(1)));
try {
  row("medians", "Sluice", "reference", "ratio or sum", "wanted");
  for (const [name, print] of Object.entries(parts)) {
    if (asked.length === 0 || asked.includes(name)) await print(portal);
  }
} finally {
  await portal.stop();
}
