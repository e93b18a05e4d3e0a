import { on, once } from "node:events";
import { MessageChannel, Worker } from "node:worker_threads";
import { log } from "../log.ts";
import { Refusal } from "../refusal.ts";
import type { Job, Report } from "./worker.ts";

/** What becomes known of an image, in this order: its size, each line as soon as it is read, the end. */
export type Reading = Extract<Report, { found: unknown } | { line: unknown } | { done: unknown }>;

export type Reader = {
  /**
   * Reads an image; an abort stops the work before the next line.
   *
   * @throws Refusal for an image that can't be read
   */
  read: (image: Buffer, signal: AbortSignal) => AsyncGenerator<Reading>;
};

/** Starts the reading thread; resolves once its models are loaded. Without that thread there is nothing to serve. */
export async function startReader(): Promise<Reader> {
  const worker = new Worker(new URL("./worker.ts", import.meta.url));
  worker.once("error", (error) => {
    log("error", "reading thread failed", { reason: String(error) });
    process.exit(1);
  });
  await once(worker, "message");
  return { read: (image, signal) => read(worker, image, signal) };
}

async function* read(worker: Worker, image: Buffer, signal: AbortSignal): AsyncGenerator<Reading> {
  signal.throwIfAborted();
  const { port1: port, port2 } = new MessageChannel();
  const reports = on(port, "message", { signal });
  const job: Job = { image: new Uint8Array(image), port: port2 };
  worker.postMessage(job, [port2, job.image.buffer as ArrayBuffer]);
  try {
    for await (const [report] of reports as AsyncIterable<[Report]>) {
      if ("broken" in report) throw new Error(report.broken);
      if ("refused" in report) {
        throw new Refusal(report.refused.status, report.refused.code, report.refused.message);
      }
      yield report;
      if ("done" in report) return;
    }
  } finally {
    port.close();
  }
}
