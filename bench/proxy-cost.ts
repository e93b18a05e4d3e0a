import { findPreset } from "#lib/models/catalogue.ts";
import type { BareHaproxy } from "./bare-haproxy.ts";
import type { Load, LoadResult } from "./load.ts";
import { cpuMs } from "./processes.ts";
import { runChild } from "./run-child.ts";
import { median } from "./statistics.ts";

const rounds = 5;
const requests = 10_000;
const connections = 8;

export type ProxyCost = { sluiceUs: number; bareUs: number; ratio: number };

/**
 * Processor time per proxied request, in microseconds: Sluice's HAProxy with all it does and the runtime that
 * reads its log, against a bare HAProxy in front of the same replicas. The two take turns; `ratio` is the median
 * of the rounds' ratios.
 */
export async function measureProxyCost(
  sluice: { url: string; pids: number[]; headers: Record<string, string> },
  bare: BareHaproxy,
): Promise<ProxyCost> {
  const body = findPreset("sentiment")!.example.body;
  const cost = async (url: string, pids: number[], headers: Record<string, string>) => {
    const load: Load = {
      url: `${url}/predict`,
      headers: { ...headers, "content-type": "application/json" },
      body,
      requests,
      connections,
    };
    const before = cpuMs(pids);
    const { failed } = await runChild<LoadResult>("load.ts", load);
    if (failed > 0) throw new Error(`${failed} of ${requests} requests to ${url} failed.`);
    return ((cpuMs(pids) - before) * 1000) / requests;
  };
  const results: { sluiceUs: number; bareUs: number }[] = [];
  for (let round = 0; round <= rounds; round++) {
    const sluiceUs = await cost(sluice.url, sluice.pids, sluice.headers);
    const bareUs = await cost(bare.url, bare.pids, {});
    if (round > 0) results.push({ sluiceUs, bareUs }); // the first warms both up
  }
  return {
    sluiceUs: median(results.map((result) => result.sluiceUs)),
    bareUs: median(results.map((result) => result.bareUs)),
    ratio: median(results.map((result) => result.sluiceUs / result.bareUs)),
  };
}
