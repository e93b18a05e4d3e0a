import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { log } from "./log.ts";
import type { Predict } from "./predict.ts";
import { readBody } from "./read-body.ts";
import { Refusal } from "./refusal.ts";
import { sendEvents } from "./send-events.ts";

export type Handling = {
  /** media types of a prediction's body, with the bytes that each may have */
  accepts: Readonly<Record<string, number>>;
  /** `null` while the model loads */
  predict: () => Predict | null;
};

/** Answers one request of a model server. Never rejects: a caller that goes away is nothing to report. */
export async function handle(
  handling: Handling,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  response.on("close", () => {
    if (!response.writableFinished) gone.abort();
  });
  try {
    await route(handling, request, response, gone.signal);
  } catch (error) {
    if (gone.signal.aborted) return;
    if (!(error instanceof Refusal)) log("error", "request failed", { reason: String(error) });
    if (!response.headersSent) await refuse(response, error);
  }
}

async function route(
  handling: Handling,
  request: IncomingMessage,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  const path = (request.url ?? "/").split("?", 1)[0];
  const predict = handling.predict();
  if (path === "/healthz") {
    allow(request, response, ["GET", "HEAD"]);
    if (!predict) throw new Refusal(503, "loading", "The model is still loading.");
    return sendJson(response, 200, { status: "ok" });
  }
  if (path !== "/predict")
    throw new Refusal(404, "not_found", "There is only POST /predict and GET /healthz.");
  allow(request, response, ["POST"]);
  const contentType = acceptedType(request, handling.accepts);
  if (!predict) throw new Refusal(503, "loading", "The model is still loading.");
  const wantsEvents = /\btext\/event-stream\b/i.test(request.headers.accept ?? "");
  const body = await readBody(request, handling.accepts[contentType]!);
  const prediction = await predict({ body, contentType, wantsEvents, signal });
  if ("json" in prediction) return sendJson(response, 200, prediction.json);
  await sendEvents(response, prediction.events, signal);
}

function allow(request: IncomingMessage, response: ServerResponse, methods: string[]): void {
  if (methods.includes(request.method ?? "")) return;
  response.setHeader("allow", methods.join(", "));
  throw new Refusal(405, "method_not_allowed", `Use ${methods.join(" or ")} here.`);
}

function acceptedType(request: IncomingMessage, accepts: Handling["accepts"]): string {
  const encoding = request.headers["content-encoding"] ?? "identity";
  if (encoding !== "identity") {
    throw new Refusal(415, "unsupported_media_type", "Send the body without a content encoding.");
  }
  const type = (request.headers["content-type"] ?? "").split(";", 1)[0]!.trim().toLowerCase();
  if (Object.hasOwn(accepts, type)) return type;
  throw new Refusal(415, "unsupported_media_type", `Send the body as ${Object.keys(accepts).join(" or ")}.`);
}

/** How long the rest of a refused body is still read, in milliseconds. */
const lingerMs = 2_000;

/**
 * Answers with an error. Where the body wasn't read, closing at once would break the connection under a caller
 * that is still sending, before it sees the answer: the rest is thrown away first, for a while.
 */
async function refuse(response: ServerResponse, error: unknown): Promise<void> {
  const known =
    error instanceof Refusal ? error : new Refusal(500, "internal", "The model failed on this input.");
  const body = JSON.stringify({ error: { code: known.code, message: known.message } });
  const { req: request } = response;
  const unread = !request.complete;
  if (unread) response.setHeader("connection", "close");
  writeJsonHead(response, known.status, body);
  response.write(body);
  if (unread) {
    request.resume();
    await once(request, "end", { signal: AbortSignal.timeout(lingerMs) }).catch(() => undefined);
  }
  response.end();
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  const body = JSON.stringify(value);
  writeJsonHead(response, status, body);
  response.end(body);
}

function writeJsonHead(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    "content-length": Buffer.byteLength(body),
    "cache-control": "no-store",
  });
}
