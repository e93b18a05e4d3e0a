import { rmSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { chmod } from "node:fs/promises";
import * as z from "zod";
import { CommandFailure } from "#infra/local-runtime/failure.ts";
import { handlers } from "#infra/local-runtime/handlers.ts";
import { fenceHeader } from "#infra/local-runtime/protocol.ts";
import type { Runtime } from "#infra/local-runtime/runtime.ts";

export type Listener = { close(): Promise<void> };

const bodyLimit = 4 * 1024 * 1024;
const names = z
  .string()
  .regex(/^[a-z][a-z0-9-]*$/)
  .max(64);

/** Serves protocol.ts on a unix socket that only the runtime's own user may open. */
export async function listen(runtime: Runtime, socketPath: string): Promise<Listener> {
  rmSync(socketPath, { force: true });
  const server = createServer((request, response) => void answer(runtime, request, response));
  // A command may wait for a model that loads for minutes.
  server.requestTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(socketPath, resolve);
  });
  await chmod(socketPath, 0o600);
  return {
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(runtime: Runtime, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const hangUp = new AbortController();
  response.on("close", () => hangUp.abort(new Error("The caller hung up.")));
  try {
    const result = await handle(runtime, request, hangUp.signal);
    send(response, result === undefined ? 204 : 200, result);
  } catch (error) {
    if (hangUp.signal.aborted) return;
    const failure = toFailure(error);
    if (failure.status >= 500)
      runtime.options.log("error", "a command failed", { path: request.url, error: String(error) });
    send(response, failure.status, failure.failure);
  }
}

async function handle(runtime: Runtime, request: IncomingMessage, signal: AbortSignal): Promise<unknown> {
  const { method = "GET", url = "/" } = request;
  const parts = url.split("/").slice(1).map(decodeURIComponent);
  for (const handler of handlers) {
    const found = handler.method === method && match(handler.path, parts);
    if (!found) continue;
    const { id = "", variant = "" } = found;
    for (const name of Object.values(found)) {
      if (!names.safeParse(name).success) throw malformed(`${name.slice(0, 80)} isn't a name.`);
    }
    const body = handler.body?.safeParse(JSON.parse((await readBody(request)) || "null"));
    if (body && !body.success) throw malformed(z.prettifyError(body.error));
    const fence = handler.fenced ? fenceOf(request) : 0;
    if (handler.fenced) runtime.ledger.raise(id, fence);
    return handler.run(runtime, { id, fence, signal }, variant, body?.data);
  }
  throw malformed(`There is no ${method} ${url}.`, 404);
}

function match(pattern: string, parts: string[]): Record<string, string> | null {
  const wanted = pattern.split("/").slice(1);
  if (wanted.length !== parts.length) return null;
  const found: Record<string, string> = {};
  for (const [index, word] of wanted.entries()) {
    const part = parts[index] ?? "";
    if (word.startsWith(":")) found[word.slice(1)] = part;
    else if (word !== part) return null;
  }
  return found;
}

function fenceOf(request: IncomingMessage): number {
  const fence = Number(request.headers[fenceHeader] ?? NaN);
  if (Number.isInteger(fence)) return fence;
  throw malformed(`A command carries the header ${fenceHeader}.`);
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > bodyLimit) throw malformed("The command is too long.", 413);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function malformed(message: string, status = 400): CommandFailure {
  return new CommandFailure("engine_failed", message, { status });
}

function toFailure(error: unknown): CommandFailure {
  if (error instanceof CommandFailure) return error;
  if (error instanceof SyntaxError) return malformed("The command isn't JSON.");
  return new CommandFailure("engine_failed", "The local runtime failed at this; its log says more.", {
    cause: error,
  });
}

function send(response: ServerResponse, status: number, body: unknown): void {
  if (body === undefined) return void response.writeHead(status).end();
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
