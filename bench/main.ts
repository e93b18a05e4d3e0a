import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { PortalApi } from "#e2e/portal/api.ts";
import { freePort } from "#infra/postgres/free-port.ts";
import { startBareHaproxy } from "./bare-haproxy.ts";
import { measureDeployTime } from "./deploy-time.ts";
import { benchGoogle } from "./gke/obtain.ts";
import { startedPortal, type BenchPortal } from "./portal.ts";
import { descendantsOf, environmentOf, executableOf } from "./processes.ts";
import { measureProxyCost } from "./proxy-cost.ts";
import { measureStreamDelay } from "./stream-delay.ts";
import { heading, ms, row, say, us } from "./table.ts";

// `npm run bench`: medians and ratios of a portal that is started for it and stopped after; `npm run bench -- stream`
// is one part alone, `npm run bench -- local` all that is on this machine alone, `npm run bench -- gke` deployments on
// the model of Google's APIs. Nothing is judged here: a machine that is busy with something else gives other figures.

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

const local = { deploy: printDeployTime, request: printProxyCost, stream: printStreamDelay };

async function benchLocal(names: string[]): Promise<void> {
  say("Starting a portal of its own …");
  const portal = await startedPortal();
  for (const signal of ["SIGINT", "SIGTERM"])
    process.once(signal, () => void portal.stop().then(() => process.exit(1)));
  try {
    heading();
    for (const [name, print] of Object.entries(local)) if (names.includes(name)) await print(portal);
  } finally {
    await portal.stop();
  }
}

const all = Object.keys(local);
const asked = process.argv.slice(2);
const wanted = (asked.length > 0 ? asked : ["local", "gke"]).flatMap((name) =>
  name === "local" ? all : [name],
);
const unknown = wanted.filter((name) => name !== "gke" && !all.includes(name));
if (unknown.length > 0)
  throw new Error(`There is no ${unknown.join(", ")}: choose of local, ${all.join(", ")}, gke.`);
const ofLocal = all.filter((name) => wanted.includes(name));
if (ofLocal.length > 0) await benchLocal(ofLocal);
if (wanted.includes("gke")) await benchGoogle();
