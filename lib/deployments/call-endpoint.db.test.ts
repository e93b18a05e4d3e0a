import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { callEndpoint } from "#lib/deployments/call-endpoint.ts";
import { createDeployment } from "#lib/deployments/create.ts";
import type { SealingContext } from "#lib/context.ts";
import { issuedChain } from "#lib/tls/issued-for-test.ts";
import { testPortal, type TestPortal } from "#lib/web/portal-for-test.ts";

type Seen = { method?: string; url?: string; headers: http.IncomingHttpHeaders; body: string };

let portal: TestPortal;
let ada: SealingContext;
let id: string;
let seen: Seen[];
let answer: (request: http.IncomingMessage, response: http.ServerResponse) => void;
const server = http.createServer((request, response) => {
  let body = "";
  request.on("data", (part: Buffer) => (body += part.toString()));
  request.on("end", () => {
    seen.push({ method: request.method, url: request.url, headers: request.headers, body });
    answer(request, response);
  });
});

beforeAll(async () => {
  portal = await testPortal();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  ada = await portal.person("Ada");
  ({ id } = await createDeployment(ada, { name: "called", target: "local", model: { preset: "sentiment" } }));
  await setEndpoint("private");
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await portal.drop();
});
beforeEach(() => {
  seen = [];
  answer = (_request, response) => response.end("ok");
});

async function setEndpoint(access: "private" | "open") {
  const { port } = server.address() as AddressInfo;
  const endpoint = { url: `http://localhost:${port}`, ip: "127.0.0.1", port, access };
  await portal.db.deployment.update({ where: { id }, data: { endpoint } });
}

async function whole(input: object) {
  const result = await callEndpoint(ada, "called", input);
  if ("stream" in result) throw new Error("A stream was not expected.");
  return result;
}

test("sends what was asked with the portal's own key, and tells who answered and where the time went", async () => {
  answer = (_request, response) => {
    response.setHeader("x-sluice-replica", `${id}/main/0`);
    response.setHeader("x-request-id", "r-1");
    response.setHeader("server-timing", 'queue;dur=1, replica;dur=2.5;desc="Model"');
    response.setHeader("content-type", "application/json");
    response.end('{"label":"positive"}');
  };
  const result = await whole({ path: "/predict?x=1", body: '{"text":"good"}', headers: { "x-beta": "1" } });
  expect(result).toMatchObject({
    status: 200,
    replica: `${id}/main/0`,
    requestId: "r-1",
    body: { text: '{"label":"positive"}' },
    truncated: false,
    timing: [
      { name: "queue", ms: 1, title: null },
      { name: "replica", ms: 2.5, title: "Model" },
    ],
  });
  expect(result.totalMs).toBeGreaterThan(0);
  expect(seen[0]).toMatchObject({ method: "POST", url: "/predict?x=1", body: '{"text":"good"}' });
  expect(seen[0]?.headers).toMatchObject({ "x-beta": "1", "content-type": "application/json" });
  expect(seen[0]?.headers.authorization).toMatch(/^Bearer slp_/);
  expect(JSON.stringify(result)).not.toContain("slp_");
});

test.each([
  "",
  "predict",
  "//evil.example/",
  "http://evil.example/",
  "https://169.254.169.254/latest",
  "@evil.example/",
  ":80/",
  "/\\evil.example",
  "\\\\evil.example",
  "/a b",
  "/a\r\nHost: evil.example",
  "/a\nb",
  "/a#b",
  "/\u0000",
  "/ä",
  "?x=1",
  `/${"a".repeat(2048)}`,
])("the path %j is refused and nothing is sent", async (path) => {
  await expect(whole({ path })).rejects.toMatchObject({ code: "invalid", fields: [{ field: "path" }] });
  expect(seen).toEqual([]);
});

test.each([
  ["host", "evil.example"],
  ["Authorization", "Bearer x"],
  ["Connection", "upgrade"],
  ["Content-Length", "3"],
  ["Transfer-Encoding", "chunked"],
  ["X-Forwarded-For", "10.0.0.1"],
  ["Proxy-Authorization", "x"],
])("the header %s stays the console's own", async (name, value) => {
  await expect(whole({ path: "/", headers: { [name]: value } })).rejects.toMatchObject({
    fields: [{ field: `headers.${name}`, message: "The console sets this header itself." }],
  });
  expect(seen).toEqual([]);
});

test.each<object>([
  { path: "/", headers: { "a b": "x" } },
  { path: "/", headers: { a: "x\r\ny: z" } },
  { path: "/", contentType: "a\r\nb: c" },
  { path: "/", method: "CONNECT" },
  { path: "/", method: "TRACE" },
  { path: "/", url: "http://evil.example" },
  { path: "/", host: "evil.example" },
  { path: "/", port: 22 },
])("%j is refused and nothing is sent", async (input) => {
  await expect(whole(input)).rejects.toMatchObject({ code: "invalid" });
  expect(seen).toEqual([]);
});

test("a redirect is shown, not followed", async () => {
  answer = (_request, response) => response.writeHead(302, { location: "http://169.254.169.254/" }).end();
  const result = await whole({ method: "GET", path: "/" });
  expect([result.status, result.headers.location, seen.length]).toEqual([302, "http://169.254.169.254/", 1]);
});

test("bytes that aren't text come as base64, and a long answer is cut at a megabyte", async () => {
  answer = (_request, response) => response.end(Buffer.from([0, 255, 1]));
  expect((await whole({ path: "/" })).body).toEqual({ base64: "AP8B" });
  answer = (_request, response) => response.end(Buffer.alloc(3 * 1024 * 1024, "a"));
  const long = await whole({ path: "/" });
  expect([long.truncated, (long.body as { text: string }).text.length]).toEqual([true, 1024 * 1024]);
});

test("a file goes as its bytes", async () => {
  await whole({ path: "/", bodyBase64: Buffer.from("file").toString("base64"), contentType: "image/png" });
  expect([seen[0]?.body, seen[0]?.headers["content-type"]]).toEqual(["file", "image/png"]);
});

test("streamed events are passed on as they come, and a reader that leaves ends the call", async () => {
  const closed = new Promise<void>((resolve) => {
    answer = (_request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write("data: 1\n\n");
      response.on("close", resolve);
    };
  });
  const leave = new AbortController();
  const result = await callEndpoint(ada, id, { path: "/" }, leave.signal);
  if (!("stream" in result)) throw new Error("A stream was expected.");
  result.stream.on("error", () => {});
  const first = await new Promise<Buffer>((resolve) => result.stream.once("data", resolve));
  expect(first.toString()).toBe("data: 1\n\n");
  leave.abort();
  await closed;
});

test("an open endpoint gets no key", async () => {
  await setEndpoint("open");
  await whole({ path: "/" });
  expect(seen[0]?.headers.authorization).toBeUndefined();
  await setEndpoint("private");
});

test("no endpoint, a silent one, and another person's", async () => {
  const made = await createDeployment(ada, {
    name: "without",
    target: "local",
    model: { preset: "sentiment" },
  });
  await expect(callEndpoint(ada, made.id, { path: "/" })).rejects.toMatchObject({ code: "conflict" });
  const endpoint = { url: "http://localhost:1", ip: "127.0.0.1", port: 1, access: "private" };
  await portal.db.deployment.update({ where: { id: made.id }, data: { endpoint } });
  await expect(callEndpoint(ada, made.id, { path: "/" })).rejects.toMatchObject({ code: "unavailable" });
  const mallory = await portal.person("Mallory");
  await expect(callEndpoint(mallory, id, { path: "/" })).rejects.toMatchObject({ code: "not_found" });
  expect(seen).toEqual([]);
});

test("an endpoint whose certificate has ended is called as a caller would: not at all, and it says what to do", async () => {
  const now = portal.clock.now();
  const ended = await issuedChain("localhost", { now, days: -1 });
  const { port } = server.address() as AddressInfo;
  const endpoint = { url: `https://localhost:${port}`, ip: "127.0.0.1", port, access: "private" };
  const data = { endpoint: { ...endpoint, certificate: ended.own } };
  await portal.db.deployment.update({ where: { id }, data });
  await expect(whole({ path: "/predict" })).rejects.toMatchObject({
    code: "unavailable",
    message: expect.stringMatching(/ended on \d{4}-\d\d-\d\d.*Settings → Endpoint, HTTPS/) as string,
  });
  expect(seen).toEqual([]);
  await setEndpoint("private");
});
