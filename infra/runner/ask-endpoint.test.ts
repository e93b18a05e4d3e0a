import http from "node:http";
import { createServer, type AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test } from "vitest";
import { firstAnswer, stillAnswers } from "#infra/runner/ask-endpoint.ts";
import { specForTest } from "#lib/deployments/spec-for-test.ts";
import type { EndpointView } from "#lib/deployments/view.ts";
import { findPreset } from "#lib/models/catalogue.ts";

type Asked = { line: string; key: string | undefined; body: string };

let server: http.Server;
let endpoint: EndpointView;
let asked: Asked[];
let answers: number[];
beforeEach(async () => {
  asked = [];
  answers = [];
  server = http.createServer((request, response) => {
    void text(request).then((body) => {
      asked.push({ line: `${request.method} ${request.url}`, key: request.headers.authorization, body });
      response.writeHead(answers.shift() ?? 200).end("said");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  endpoint = { url: `http://127.0.0.1:${port}`, ip: "127.0.0.1", port, access: "private" };
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

const never = new AbortController().signal;
const spec = specForTest();

test("it asks for its health and the model's own example, with the key", async () => {
  await firstAnswer(endpoint, spec, "slp_key", never);
  expect(asked.map(({ line }) => line)).toEqual(["GET /healthz", "POST /predict"]);
  expect(asked.every(({ key }) => key === "Bearer slp_key")).toBe(true);
  expect(asked[1]?.body).toBe(findPreset("sentiment")?.example.body);
});

test("an open endpoint isn't given the key", async () => {
  const open = { ...endpoint, access: "open" as const };
  await firstAnswer(open, spec, "slp_key", never);
  expect(await stillAnswers(open, "/healthz", "slp_key")).toBe(true);
  expect(asked.map(({ key }) => key)).toEqual([undefined, undefined, undefined]);
});

test("a Gateway that hasn't taken up the route yet says 404 or 500: it is asked again", async () => {
  const byGateway = { ...spec, endpoint: { ...spec.endpoint, gatewayClass: "any" } };
  answers = [404, 500, 200, 404, 200];
  await firstAnswer(endpoint, byGateway, null, never);
  expect(asked).toHaveLength(5);
  answers = [404];
  await expect(firstAnswer(endpoint, spec, null, never)).rejects.toMatchObject({ code: "endpoint_failed" });
});

test("503 is a load balancer that has no replica yet: it is asked again; any other answer counts", async () => {
  answers = [503, 503, 200, 503, 200];
  await firstAnswer(endpoint, spec, null, never);
  expect(asked).toHaveLength(5);
  answers = [200, 400];
  await expect(firstAnswer(endpoint, spec, null, never)).rejects.toMatchObject({
    code: "endpoint_failed",
    message: expect.stringContaining("POST /predict: 400 said") as string,
  });
  answers = [401];
  await expect(firstAnswer(endpoint, spec, "wrong", never)).rejects.toMatchObject({
    code: "endpoint_failed",
  });
});

test("where many places answer, one good answer isn't enough: it must have been good for a while", async () => {
  const onGoogle = { ...spec, target: "gke" as const };
  answers = [200, 404, 200, 502];
  await firstAnswer(endpoint, onGoogle, null, never, { steadyMs: 400 });
  const health = asked.filter(({ line }) => line === "GET /healthz");
  expect(health.length).toBeGreaterThanOrEqual(6);
  expect(asked.at(-1)?.line).toBe("POST /predict");
  answers = [200, 500];
  await expect(firstAnswer(endpoint, onGoogle, null, never, { steadyMs: 400 })).rejects.toMatchObject({
    code: "endpoint_failed",
    message: expect.stringContaining("500 said") as string,
  });
});

test("a cancelled wait ends at once", async () => {
  const stopping = new AbortController();
  answers = Array(1000).fill(503);
  const waiting = firstAnswer(endpoint, spec, null, stopping.signal);
  stopping.abort();
  await expect(waiting).rejects.toMatchObject({ code: "cancelled" });
});

test("whether it still answers is one look", async () => {
  expect(await stillAnswers(endpoint, "/healthz", null)).toBe(true);
  answers = [503];
  expect(await stillAnswers(endpoint, "/healthz", null)).toBe(false);
  expect(await stillAnswers({ ...endpoint, port: 1 }, "/healthz", null)).toBe(false);
});

test("at a domain whose certificate isn't there yet, HTTP that sends its callers to HTTPS will do", async () => {
  const clear = http.createServer((request, response) => {
    response.writeHead(301, { location: `https://${request.headers.host}${request.url}` }).end();
  });
  await new Promise<void>((resolve) => clear.listen(0, "127.0.0.1", resolve));
  const { port: clearPort } = clear.address() as AddressInfo;
  // Nobody speaks TLS there.
  const atDomain: EndpointView = { ...endpoint, url: "https://model.example.com" };
  const onGoogle = { ...spec, target: "gke" as const };
  await firstAnswer(atDomain, onGoogle, null, never, { clearPort });
  expect(await stillAnswers(atDomain, "/healthz", null, { clearPort })).toBe(true);
  await new Promise((resolve) => clear.close(resolve));
  expect(await stillAnswers(atDomain, "/healthz", null, { clearPort })).toBe(false);
  await expect(
    firstAnswer(atDomain, onGoogle, null, never, { clearPort, patienceMs: 1 }),
  ).rejects.toMatchObject({
    code: "endpoint_failed",
    message: expect.stringContaining("GET http://model.example.com/ at 127.0.0.1") as string,
  });
});

test("what is cancelled while a domain is asked isn't taken for one without a certificate", async () => {
  const clear = http.createServer((request, response) => {
    response.writeHead(301, { location: `https://${request.headers.host}/` }).end();
  });
  const cancelling = new AbortController();
  // It takes the connection, and says nothing.
  const silent = createServer(() => cancelling.abort());
  for (const server of [clear, silent])
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const [clearPort = 0, port = 0] = [clear, silent].map((server) => (server.address() as AddressInfo).port);
  const atDomain: EndpointView = { ...endpoint, port, url: "https://model.example.com" };
  await expect(
    firstAnswer(atDomain, { ...spec, target: "gke" }, null, cancelling.signal, { clearPort }),
  ).rejects.toMatchObject({ code: "cancelled" });
  for (const server of [clear, silent]) await new Promise((resolve) => server.close(resolve));
});
