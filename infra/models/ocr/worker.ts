import { setImmediate as otherWork } from "node:timers/promises";
import { parentPort, type MessagePort } from "node:worker_threads";
import { Refusal } from "../refusal.ts";
import { decode } from "./decode-image.ts";
import { findLines } from "./find-lines.ts";
import { loadModels } from "./load-models.ts";
import { readLine, type Line } from "./read-line.ts";

/** An image to read, and where to report about it. Closing that port cancels the job. */
export type Job = { image: Uint8Array; port: MessagePort };

/** The last report of a job is `done`, `refused` or `broken`. */
export type Report =
  | { found: { width: number; height: number } }
  | { line: Line }
  | { done: { durationMs: number } }
  | { refused: { status: number; code: string; message: string } }
  | { broken: string };

// The computing of a line takes about a tenth of a second, and health checks must be answered meanwhile: so it
// is done in this thread, one image after the other.
const models = await loadModels();
const jobs: (Job & { cancelled: boolean })[] = [];
let busy = false;

parentPort!.on("message", (message: Job) => {
  const job = { ...message, cancelled: false };
  job.port.once("close", () => (job.cancelled = true));
  jobs.push(job);
  if (!busy) void work();
});
parentPort!.postMessage("ready");

async function work(): Promise<void> {
  busy = true;
  for (let job = jobs.shift(); job; job = jobs.shift()) {
    const { port } = job;
    try {
      await read(job, (report) => port.postMessage(report));
    } catch (error) {
      if (!(error instanceof Refusal)) port.postMessage({ broken: String(error) });
      else port.postMessage({ refused: { status: error.status, code: error.code, message: error.message } });
    }
  }
  busy = false;
}

async function read(job: Job & { cancelled: boolean }, report: (report: Report) => void): Promise<void> {
  await otherWork(); // lets a cancel in, here and below
  if (job.cancelled) return;
  const started = performance.now();
  const picture = decode(Buffer.from(job.image.buffer));
  report({ found: { width: picture.width, height: picture.height } });
  for (const box of await findLines(models, picture)) {
    await otherWork();
    if (job.cancelled) return;
    const line = await readLine(models, picture, box);
    if (line) report({ line });
  }
  report({ done: { durationMs: Math.round(performance.now() - started) } });
}
