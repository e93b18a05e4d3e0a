import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { request, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Line } from "./ocr/read-line.ts";
import type { Analysis } from "./sentiment/analyse.ts";

type Call = {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
  signal?: AbortSignal;
};

/** All that the model servers say in JSON; each test reads its own part. */
type Said = Analysis & {
  error: { code: string; message: string };
  lines: Line[];
  width: number;
  height: number;
  model: string;
  durationMs: number;
};

export type Answer = { status: number; headers: IncomingMessage["headers"]; json: Said };

/** A model server as the local runtime runs it: its entry on Node, listening on a unix socket. */
export class Started {
  readonly process: ChildProcess;
  readonly socket: string;
  output = "";

  constructor(model: string, socket: string, replica = "replica-1") {
    this.socket = socket;
    this.process = spawn(process.execPath, [path.resolve(`infra/models/${model}/main.ts`)], {
      env: { ...process.env, SLUICE_SOCKET: socket, SLUICE_REPLICA: replica },
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.process.stdout!.on("data", (chunk) => (this.output += chunk));
  }

  /** Sends one request on a connection of its own and gives the response as soon as its head is there. */
  open(url: string, { method = "GET", headers = {}, body, signal }: Call = {}): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const sent = request(
        { socketPath: this.socket, path: url, method, headers, signal, agent: false },
        resolve,
      );
      sent.on("error", reject);
      sent.end(body);
    });
  }

  async call(url: string, call: Call = {}): Promise<Answer> {
    const response = await this.open(url, call);
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    return { status: response.statusCode!, headers: response.headers, json: JSON.parse(text) as Said };
  }

  post(contentType: string, body: string | Buffer, headers: Record<string, string> = {}): Promise<Answer> {
    const all = { "content-type": contentType, ...headers };
    return this.call("/predict", { method: "POST", headers: all, body });
  }

  /** Waits until healthy; gives the statuses that `/healthz` had on the way. */
  async healthy(): Promise<number[]> {
    const statuses: number[] = [];
    for (const started = Date.now(); Date.now() - started < 40_000; await pause(10)) {
      const status = await this.call("/healthz").then(
        (answer) => answer.status,
        () => 0,
      );
      if (status !== 0) statuses.push(status);
      if (status === 200) return statuses;
      if (this.process.exitCode !== null) break;
    }
    throw new Error(`not healthy: ${this.output}`);
  }

  async exited(): Promise<number | null> {
    if (this.process.exitCode === null && this.process.signalCode === null) await once(this.process, "exit");
    return this.process.exitCode;
  }

  async kill(): Promise<void> {
    this.process.kill("SIGKILL");
    await this.exited();
  }
}

/** A folder for the sockets of one test file. */
export async function socketFolder(): Promise<AsyncDisposable & { path: string }> {
  const folder = await mkdtemp(path.join(tmpdir(), "sluice-models-"));
  return { path: folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}
