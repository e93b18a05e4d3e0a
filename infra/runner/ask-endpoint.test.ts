import http from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test } from "vitest";
import { firstAnswer, stillAnswers } from "#infra/runner/ask-endpoint.ts";
import { specForTest } from "#infra/worker/spec-for-test.ts";
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
