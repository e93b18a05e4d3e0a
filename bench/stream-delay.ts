import { spawn } from "node:child_process";
import { once } from "node:events";
import { rename, rm } from "node:fs/promises";
import http from "node:http";
import path from "node:path";
import { median, quantile } from "./statistics.ts";

const rounds = 5;
const streams = 4;

/** Milliseconds. The added ones are medians of the rounds' differences. */
export type StreamDelay = Record<"p50" | "p99", { direct: number; endpoint: number; added: number }>;

/**
 * How late streamed events arrive, from their writing to their reading, in milliseconds: through the endpoint
 * against straight from the replica's socket, in turns. A process that stamps its events takes the replica's place
 * on that socket meanwhile.
 */
export async function measureStreamDelay(endpoint: {
  url: string;
  headers: Record<string, string>;
  replicaSocket: string;
}): Promise<StreamDelay> {
  const { url, headers, replicaSocket } = endpoint;
  const aside = `${replicaSocket}.aside`;
  await rename(replicaSocket, aside);
  const emitter = spawn(process.execPath, [path.join(import.meta.dirname, "emitter.ts"), replicaSocket], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    await once(emitter.stdout, "data");
    const results: { direct: number[]; endpoint: number[] }[] = [];
    for (let round = 0; round <= rounds; round++) {
      const direct = await delays({ socketPath: replicaSocket, path: "/predict" });
      const through = await delays(new URL("/predict", url), headers);
      if (round > 0) results.push({ direct, endpoint: through }); // the first warms both up
    }
    const summary = (share: number) => ({
      direct: median(results.map(({ direct }) => quantile(direct, share))),
      endpoint: median(results.map(({ endpoint }) => quantile(endpoint, share))),
      added: median(
        results.map(({ direct, endpoint }) => quantile(endpoint, share) - quantile(direct, share)),
      ),
    });
    return { p50: summary(0.5), p99: summary(0.99) };
  } finally {
    emitter.kill("SIGKILL");
    await rm(replicaSocket, { force: true });
    await rename(aside, replicaSocket);
  }
}

async function delays(
  to: URL | http.RequestOptions,
  headers: Record<string, string> = {},
): Promise<number[]> {
  return (await Promise.all(Array.from({ length: streams }, () => delaysOf(to, headers)))).flat();
}

function delaysOf(to: URL | http.RequestOptions, headers: Record<string, string>): Promise<number[]> {
  return new Promise((resolve, reject) => {
    const delays: number[] = [];
    const options = { headers: { ...headers, accept: "text/event-stream" }, agent: false };
    const onResponse = (response: http.IncomingMessage) => {
      if (response.statusCode !== 200)
        return reject(new Error(`The stream was answered ${response.statusCode}.`));
      let text = "";
      response.setEncoding("latin1").on("data", (chunk: string) => {
        const now = process.hrtime.bigint();
        const blocks = (text + chunk).split("\n\n");
        text = blocks.pop()!;
        for (const block of blocks) delays.push(Number(now - BigInt(block.slice("data: ".length))) / 1e6);
      });
      response.on("end", () => resolve(delays)).on("error", reject);
    };
    const sent =
      to instanceof URL ? http.get(to, options, onResponse) : http.get({ ...to, ...options }, onResponse);
    sent.on("error", reject);
  });
}
