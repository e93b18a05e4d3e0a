import { setTimeout as pause } from "node:timers/promises";
import { findPreset } from "#lib/models/catalogue.ts";
import type { BareHaproxy } from "./bare-haproxy.ts";
import type { Load, LoadResult } from "./load.ts";
import { cpuMs } from "./processes.ts";
import { runChild } from "./run-child.ts";
import { median } from "./statistics.ts";

const rounds = 5;
const requests = 10_000;
const connections = 8;
const restMs = 10_000;

export type ProxyCost = {
  sluiceUs: number;
  haproxyUs: number;
  runtimeUs: number;
  bareUs: number;
  ratio: number;
  /** what the runtime spends without any request, as a share of one core */
  runtimeAtRest: number;
};

/**
 * Processor time per proxied request, in microseconds: Sluice's HAProxy with all it does and the runtime that
 * reads its log, against a bare HAProxy in front of the same replicas. The two take turns; `ratio` is the median
 * of the rounds' ratios.
 */
export async function measureProxyCost(
  sluice: { url: string; haproxy: number[]; runtime: number[]; headers: Record<string, string> },
  bare: BareHaproxy,
): Promise<ProxyCost> {
  const runtimeAtRest = await shareAtRest(sluice.runtime);
  const results: Omit<ProxyCost, "ratio" | "runtimeAtRest">[] = [];
  for (let round = 0; round <= rounds; round++) {
    const { haproxy, runtime } = sluice;
    const [haproxyUs, runtimeUs] = await cost(sluice.url, sluice.headers, [haproxy, runtime]);
    const [bareUs] = await cost(bare.url, {}, [bare.pids]);
    const sluiceUs = haproxyUs! + runtimeUs!;
    // The first warms both up.
    if (round > 0) results.push({ sluiceUs, haproxyUs: haproxyUs!, runtimeUs: runtimeUs!, bareUs: bareUs! });
  }
  const of = (figure: keyof (typeof results)[number]) => median(results.map((result) => result[figure]));
  return {
    sluiceUs: of("sluiceUs"),
    haproxyUs: of("haproxyUs"),
    runtimeUs: of("runtimeUs"),
    bareUs: of("bareUs"),
    ratio: median(results.map((result) => result.sluiceUs / result.bareUs)),
    runtimeAtRest,
  };
}

async function shareAtRest(pids: number[]): Promise<number> {
  const [before, started] = [cpuMs(pids), performance.now()];
  await pause(restMs);
  return (cpuMs(pids) - before) / (performance.now() - started);
}

/** What each group of processes spends on a request to `url`, in microseconds. */
async function cost(url: string, headers: Record<string, string>, groups: number[][]): Promise<number[]> {
  const load: Load = {
    url: `${url}/predict`,
    headers: { ...headers, "content-type": "application/json" },
    body: findPreset("sentiment")!.example.body,
    requests,
    connections,
  };
  const before = groups.map(cpuMs);
  const { failed } = await runChild<LoadResult>("load.ts", load);
  if (failed > 0) throw new Error(`${failed} of ${requests} requests to ${url} failed.`);
  return groups.map((pids, i) => ((cpuMs(pids) - before[i]!) * 1000) / requests);
}
