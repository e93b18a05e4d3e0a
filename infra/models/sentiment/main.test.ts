import { once } from "node:events";
import { existsSync } from "node:fs";
import { connect } from "node:net";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { socketFolder, Started } from "../start-for-test.ts";

let folder: Awaited<ReturnType<typeof socketFolder>>;
let server: Started;

beforeAll(async () => {
  folder = await socketFolder();
  server = new Started("sentiment", path.join(folder.path, "s"));
  await server.healthy();
});

afterAll(async () => {
  await server.kill();
  await folder[Symbol.asyncDispose]();
});

const json = "application/json";
const predict = (text: unknown) => server.post(json, JSON.stringify({ text }));

test("tells positive from negative from neutral, by sentence too", async () => {
  const { status, json } = await predict("The screen is wonderful. The battery is awful and it broke.");
  expect(status).toBe(200);
  expect(json.sentences.map((sentence) => sentence.text)).toEqual([
    "The screen is wonderful.",
    "The battery is awful and it broke.",
  ]);
  expect(json.sentences[0]!.score).toBeGreaterThan(0);
  expect(json.sentences[1]!.score).toBeLessThan(0);
  expect(json.tokens).toBe(13);
  expect(json.durationMs).toBeGreaterThan(0);
  expect((await predict("I love it, what a joy.")).json.sentiment.label).toBe("positive");
  expect((await predict("I do not like this.")).json.sentiment.label).toBe("negative");
  expect((await predict("The parcel is in the hall.")).json.sentiment).toEqual({
    label: "neutral",
    score: 0,
  });
});

test("finds entities", async () => {
  const { json } = await predict("On 3 May 2024 they paid $300 to anna@example.com.");
  expect(json.entities).toEqual([
    { value: "3 May 2024", type: "DATE" },
    { value: "$300", type: "MONEY" },
    { value: "anna@example.com", type: "EMAIL" },
  ]);
});

test("names its replica in every answer", async () => {
  for (const url of ["/healthz", "/predict", "/nowhere"]) {
    expect((await server.call(url)).headers["x-sluice-replica"]).toBe("replica-1");
  }
});

test("reads the longest text it promises, escaped as JSON may be", async () => {
  const escaped = `{"text":"${"\\u00e9".repeat(20_000)}"}`;
  expect((await server.post(json, escaped)).status).toBe(200);
});

test.each([
  ["no text", json, "{}", 422, "invalid"],
  ["a text that is a number", json, '{"text":7}', 422, "invalid"],
  ["a blank text", json, '{"text":"  "}', 422, "invalid"],
  ["a text that is too long", json, JSON.stringify({ text: "a".repeat(20_001) }), 422, "invalid"],
  ["broken JSON", json, '{"text":', 400, "malformed"],
  ["a list", json, "[]", 400, "malformed"],
  ["bytes that are no UTF-8", json, Buffer.from([0x7b, 0xff, 0x7d]), 400, "malformed"],
  ["a body over the limit", json, "x".repeat(400_000), 413, "too_large"],
  ["another media type", "text/plain", "hello", 415, "unsupported_media_type"],
  ["a media type named like a property of objects", "constructor", "x", 415, "unsupported_media_type"],
])("refuses %s", async (_, contentType, body, status, code) => {
  const answer = await server.post(contentType, body);
  expect(answer.status).toBe(status);
  expect(answer.json.error.code).toBe(code);
  expect(answer.json.error.message).toMatch(/\.$/);
});

test("refuses a body over the limit that doesn't say its length", async () => {
  const headers = { "content-type": json, "transfer-encoding": "chunked" };
  const answer = await server.call("/predict", { method: "POST", headers, body: "x".repeat(400_000) });
  expect(answer.status).toBe(413);
  expect(answer.headers.connection).toBe("close");
});

test("refuses a compressed body, another method and another path", async () => {
  expect((await server.post(json, "{}", { "content-encoding": "gzip" })).status).toBe(415);
  const wrongMethod = await server.call("/predict", { method: "PUT" });
  expect([wrongMethod.status, wrongMethod.headers.allow]).toEqual([405, "POST"]);
  expect((await server.call("/predict/more", { method: "POST" })).json.error.code).toBe("not_found");
});

test("a caller that goes away in the middle of its body is nothing to report", async () => {
  for (let i = 0; i < 20; i++) {
    const socket = connect(server.socket);
    socket.write(`POST /predict HTTP/1.1\r\nhost: x\r\ncontent-type: ${json}\r\ncontent-length: 9\r\n\r\n{`);
    await server.call("/healthz");
    socket.destroy();
    await once(socket, "close");
  }
  expect((await predict("fine")).status).toBe(200);
  expect(server.output).not.toContain("error");
});

test("takes over the socket that a killed server left, and refuses one in use", async () => {
  const socket = path.join(folder.path, "t");
  const first = new Started("sentiment", socket);
  await first.healthy();
  const second = new Started("sentiment", socket);
  expect(await second.exited()).toBe(1);
  expect(JSON.parse(second.output)).toMatchObject({
    level: "error",
    reason: `Error: another process listens on ${socket}`,
  });
  await first.kill();
  expect(existsSync(socket)).toBe(true);
  const third = new Started("sentiment", socket);
  await third.healthy();
  third.process.kill("SIGTERM");
  expect(await third.exited()).toBe(0);
  expect(existsSync(socket)).toBe(false);
  const events = third.output.trim().split("\n");
  expect(events.map((line) => JSON.parse(line).event)).toEqual(["listening", "ready", "stopping", "stopped"]);
});
