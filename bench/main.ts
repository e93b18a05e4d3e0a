import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { newApiKey, PortalApi } from "#e2e/portal/api.ts";
import startPortal from "#e2e/start-portal.ts";
import { freePort } from "#infra/postgres/free-port.ts";
import { readRunFile } from "#infra/start/run-file.ts";
import { readEnv } from "#lib/env.ts";
import { startBareHaproxy } from "./bare-haproxy.ts";
import { measureDeployTime, type BenchPortal } from "./deploy-time.ts";
import { descendantsOf, environmentOf, executableOf } from "./processes.ts";
import { measureProxyCost } from "./proxy-cost.ts";
import { measureStreamDelay } from "./stream-delay.ts";

// `npm run bench`: medians and ratios of a portal that is started for it and stopped after. Nothing is judged
// here: a machine that is busy with something else gives other figures.

const say = (text: string) => process.stdout.write(`${text}\n`);

async function startedPortal(): Promise<BenchPortal & { stop: () => Promise<void> }> {
  const stop = (await startPortal()) ?? (async () => undefined);
  const url = process.env.SLUICE_TEST_URL!;
  const home = process.env.SLUICE_TEST_HOME!;
  const run = await readRunFile(home);
  if (!run) throw new Error("The portal runs, but wrote down nowhere how to reach it.");
  const api = new PortalApi(newApiKey("bench"));
  const cliRoot = path.join(readEnv().SLUICE_CACHE, "pulumi-3.259.0");
  return { api, url, home, run, cliRoot, stop };
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
    env: environmentOf(haproxy[0]!),
    folder,
    port: await freePort(),
    sockets: await socketsOf(api, "cost"),
  });
  try {
    const headers = { authorization: `Bearer ${api.key}` };
    return await measureProxyCost(
      { url: deployment.endpoint.url, pids: [...haproxy, ...runtime], headers },
      bare,
    );
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

say("Starting a portal of its own …");
const portal = await startedPortal();
try {
  row("medians", "Sluice", "reference", "ratio or sum", "wanted");
  const deploy = await measureDeployTime(portal);
  row(
    "deploy by API to ready, without the probe",
    ms(deploy.portalMs),
    ms(deploy.bareMs),
    deploy.ratio.toFixed(2),
    "≤ 1.25",
  );
  row("  the probe: a request through the endpoint", ms(deploy.probeMs));
  const cost = await proxyCost(portal);
  row(
    "processor time per proxied request",
    us(cost.sluiceUs),
    us(cost.bareUs),
    cost.ratio.toFixed(2),
    "≤ 1.50",
  );
  const delay = await streamDelay(portal);
  row(
    "delay of streamed events, p99",
    ms(delay.endpointP99Ms),
    ms(delay.directP99Ms),
    `+ ${ms(delay.addedP99Ms)}`,
    "≤ + 2 ms",
  );
} finally {
  await portal.stop();
}
