import http from "node:http";
import { text } from "node:stream/consumers";

/** What the load process reads as JSON from its standard input. */
export type Load = {
  url: string;
  headers: Record<string, string>;
  body: string;
  /** how many requests in all */
  requests: number;
  /** how many at a time, each on its own connection that is kept */
  connections: number;
};

export type LoadResult = { ms: number; failed: number };

/** Sends exactly `requests` requests. Runs in a process of its own, so that its work isn't anybody else's. */
async function run(load: Load): Promise<LoadResult> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: load.connections });
  const headers = { ...load.headers, "content-length": String(Buffer.byteLength(load.body)) };
  let [left, failed] = [load.requests, 0];
  const one = () =>
    new Promise<void>((resolve) => {
      const sent = http.request(load.url, { method: "POST", agent, headers }, (response) => {
        if (response.statusCode !== 200) failed += 1;
        response.resume().on("end", resolve);
      });
      sent.on("error", () => {
        failed += 1;
        resolve();
      });
      sent.end(load.body);
    });
  const started = performance.now();
  await Promise.all(
    Array.from({ length: load.connections }, async () => {
      while (left-- > 0) await one();
    }),
  );
  agent.destroy();
  return { ms: performance.now() - started, failed };
}

if (import.meta.main)
  process.stdout.write(JSON.stringify(await run(JSON.parse(await text(process.stdin)) as Load)));
