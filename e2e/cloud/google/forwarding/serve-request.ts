import { request as ask, type IncomingMessage, type ServerResponse } from "node:http";
import { relativeOf } from "#e2e/cloud/google/compute/references.ts";
import { bodyAt } from "#e2e/cloud/google/forwarding/at-edge.ts";
import type { Endpoints } from "#e2e/cloud/google/forwarding/choose-endpoint.ts";
import { evaluateUrlMap, type Outcome } from "#e2e/cloud/google/forwarding/evaluate-url-map.ts";
import { serveFile } from "#e2e/cloud/google/forwarding/serve-file.ts";
import { writeLogEntry } from "#e2e/cloud/google/forwarding/write-log-entry.ts";
import { numberAt, objectsAt, stringAt, stringsAt, type JsonObject } from "#e2e/cloud/google/json.ts";
import type { Model } from "#e2e/cloud/google/model.ts";
import type { Stored } from "#e2e/cloud/google/store.ts";

/** One forwarding rule and what it needs to answer. */
export type Frontend = {
  model: Model;
  rule: Stored;
  endpoints: Endpoints;
  delays: { first: number; last: number };
  resolve: (endpoint: { ipAddress: string; port: number }) => { host: string; port: number };
  random: () => number;
};

/** Answers one request as Google's load balancer would at one of its edges. */
export async function serveRequest(
  frontend: Frontend,
  scheme: "http" | "https",
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { model, random } = frontend;
  await model.operations.settle();
  const moment = momentAt(frontend);
  const proxy = lookUp(model, stringAt(frontend.rule.body, "target"));
  const mapStored = lookUp(model, stringAt(proxy?.body ?? {}, "urlMap"));
  const map = bodyAt(mapStored, moment);
  if (!map) return fail(response, 404, "Error 404 (Not Found)!!1");
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(",") : value,
    ]),
  );
  const host = request.headers.host ?? "";
  const incoming = { method: request.method ?? "GET", scheme, host, target: request.url ?? "/", headers };
  const outcome = evaluateUrlMap(map, incoming, random());
  if (outcome.kind === "redirect") {
    response.writeHead(outcome.status, { location: outcome.location, "content-length": 0 }).end();
    return;
  }
  const backend = lookUp(model, outcome.service);
  const service = bodyAt(backend, moment) ?? backend?.body;
  if (!service) return fail(response, 502, "The backend is gone.");
  response.on("finish", () => writeLogEntry(frontend, mapStored!, service, scheme, request, response));
  if (outcome.service.includes("/backendBuckets/"))
    return serveFile(model, service, outcome.target, request, response);
  const choice = await frontend.endpoints.choose(service, request, moment);
  if (!choice) return fail(response, 503, "no healthy upstream");
  forward(frontend, service, outcome, choice, scheme, request, response);
}

/** The edges learn of a change one after the other: each request meets another one. */
function momentAt({ model, delays, random }: Frontend): Date {
  const delay = delays.first + random() * (delays.last - delays.first);
  return new Date(model.clock.now().getTime() - delay);
}

function lookUp(model: Model, url: string): Stored | undefined {
  const path = relativeOf(model, "", url);
  return path ? model.store.get(`compute/${path}`) : undefined;
}

type Service = Extract<Outcome, { kind: "service" }>;
type Choice = NonNullable<Awaited<ReturnType<Endpoints["choose"]>>>;

function forward(
  frontend: Frontend,
  service: JsonObject,
  outcome: Service,
  choice: Choice,
  scheme: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const { host, port } = frontend.resolve(choice.endpoint);
  const headers = requestHeaders(outcome, scheme, request);
  const upstream = ask({ host, port, method: request.method, path: outcome.target, headers });
  const seconds = numberAt(service, "timeoutSec") ?? 30;
  // Google's time-out is for the whole answer, however it flows.
  const timer = setTimeout(() => upstream.destroy(new Error("timeout")), seconds * 1000);
  upstream.on("response", (answer) => {
    for (const [name, value] of Object.entries(answer.headers)) {
      if (value !== undefined && !hopByHop.has(name)) response.setHeader(name, value);
    }
    response.setHeader("via", "1.1 google");
    if (choice.cookie) response.appendHeader("set-cookie", choice.cookie);
    for (const action of outcome.headerActions) changeHeaders(action, "response", response);
    response.writeHead(answer.statusCode ?? 502);
    response.flushHeaders();
    answer.pipe(response);
    answer.on("error", () => response.destroy());
  });
  upstream.on("error", (error) => {
    if (response.headersSent) response.destroy();
    else if (error.message === "timeout") fail(response, 504, "upstream request timeout");
    else fail(response, 502, "upstream connect error or disconnect/reset before headers");
  });
  response.on("close", () => {
    clearTimeout(timer);
    upstream.destroy();
  });
  request.pipe(upstream);
}

const hopByHop = new Set(["connection", "keep-alive", "transfer-encoding", "upgrade"]);

function requestHeaders(
  outcome: Service,
  scheme: string,
  request: IncomingMessage,
): Record<string, string | string[]> {
  const kept = Object.entries(request.headers).filter(([name]) => !hopByHop.has(name));
  const headers = new Map(kept.map(([name, value]) => [name, value ?? ""]));
  const client = request.socket.remoteAddress ?? "";
  const before = headers.get("x-forwarded-for");
  headers.set("host", outcome.host);
  headers.set("x-forwarded-for", [before, client, request.socket.localAddress].filter(Boolean).join(", "));
  headers.set("x-forwarded-proto", scheme);
  headers.set("via", "1.1 google");
  const target = {
    setHeader: (name: string, value: string) => headers.set(name.toLowerCase(), value),
    appendHeader: (name: string, value: string) => {
      const now = headers.get(name.toLowerCase());
      headers.set(name.toLowerCase(), now ? `${String(now)}, ${value}` : value);
    },
    removeHeader: (name: string) => headers.delete(name.toLowerCase()),
  };
  for (const action of outcome.headerActions) changeHeaders(action, "request", target);
  return Object.fromEntries(headers);
}

type Changeable = {
  setHeader(name: string, value: string): unknown;
  appendHeader(name: string, value: string): unknown;
  removeHeader(name: string): unknown;
};

function changeHeaders(action: JsonObject, of: "request" | "response", target: Changeable): void {
  for (const name of stringsAt(action, `${of}HeadersToRemove`)) target.removeHeader(name);
  for (const header of objectsAt(action, `${of}HeadersToAdd`)) {
    const [name, value] = [stringAt(header, "headerName"), stringAt(header, "headerValue")];
    if (header.replace === true) target.setHeader(name, value);
    else target.appendHeader(name, value);
  }
}

function fail(response: ServerResponse, status: number, words: string): void {
  response.writeHead(status, { "content-type": "text/plain", via: "1.1 google" }).end(words);
}
