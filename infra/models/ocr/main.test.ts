import { readFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import jpeg from "jpeg-js";
import { PNG } from "pngjs";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Line } from "./read-line.ts";
import { socketFolder, Started } from "../start-for-test.ts";

// A few seconds each on a machine that has nothing else to do.
vi.setConfig({ testTimeout: 90_000 });

const sample = readFileSync("public/samples/delivery-note.png");
const printed = [
  "Delivery note 20417",
  "Harbour Street Bakery, 14 March 2026",
  "Rye flour, 25 kg",
  "12",
  "Sunflower seeds, 5 kg",
  "8",
  "Fine sea salt",
  "30",
  "Received in good order by M. Oakley",
];

let folder: Awaited<ReturnType<typeof socketFolder>>;
let server: Started;
let statusesWhileStarting: number[];

beforeAll(async () => {
  folder = await socketFolder();
  server = new Started("ocr", path.join(folder.path, "s"));
  statusesWhileStarting = await server.healthy();
});

afterAll(async () => {
  await server.kill();
  await folder[Symbol.asyncDispose]();
});

const texts = (lines: { text: string }[]) => lines.map((line) => line.text);

type Arrival = { event: string; data: Line; at: number };

/** Server-sent events with the moment that each arrived. */
async function* eventsOf(response: IncomingMessage): AsyncGenerator<Arrival> {
  let text = "";
  for await (const chunk of response) {
    text += chunk;
    const blocks = text.split("\n\n");
    text = blocks.pop()!;
    for (const block of blocks) {
      const [, event, data] = /^event: (\w+)\ndata: (.*)$/.exec(block)!;
      yield { event: event!, data: JSON.parse(data!), at: performance.now() };
    }
  }
}

async function all(events: AsyncIterable<Arrival>): Promise<Arrival[]> {
  const arrivals: Arrival[] = [];
  for await (const arrival of events) arrivals.push(arrival);
  return arrivals;
}

const stream = (on: Started, body: Buffer, signal?: AbortSignal) =>
  on.open("/predict", {
    method: "POST",
    headers: { "content-type": "image/png", accept: "text/event-stream" },
    body,
    signal,
  });

test("is not healthy before its models are loaded", () => {
  expect(statusesWhileStarting[0]).toBe(503);
  expect(statusesWhileStarting.at(-1)).toBe(200);
});

test("reads every line of the sample, in order, and where it is", async () => {
  const { status, json, headers } = await server.post("image/png", sample);
  expect(status).toBe(200);
  expect(headers["x-sluice-replica"]).toBe("replica-1");
  expect(texts(json.lines)).toEqual(printed);
  expect([json.width, json.height, json.model]).toEqual([720, 360, "PP-OCRv4"]);
  expect(json.durationMs).toBeGreaterThan(0);
  for (const { confidence, box } of json.lines) {
    expect(confidence).toBeGreaterThan(0.9);
    expect(box.flat().every((v) => v >= 0 && v <= 720)).toBe(true);
  }
  const [left, , right] = json.lines[0]!.box;
  expect(left[0]).toBeCloseTo(44, -1);
  expect(right[1]).toBeCloseTo(78, -1);
});

test("streams each line as soon as it is read", async () => {
  const response = await stream(server, sample);
  expect(response.headers["content-type"]).toBe("text/event-stream; charset=utf-8");
  expect(response.headers["cache-control"]).toContain("no-transform");
  const events = await all(eventsOf(response));
  expect(events.map(({ event }) => event)).toEqual([...printed.map(() => "line"), "done"]);
  expect(texts(events.slice(0, -1).map(({ data }) => data))).toEqual(printed);
  expect(events.at(-1)!.data).toMatchObject({ lines: 9, width: 720, height: 360, model: "PP-OCRv4" });
  expect(new Set(events.map(({ at }) => at)).size).toBeGreaterThan(printed.length / 2);
});

test("two at once are both read right, and health answers all the while", async () => {
  let healthy = 0;
  let reading = true;
  const asJpeg = jpeg.encode(PNG.sync.read(sample), 92).data;
  const both = Promise.all([
    server.post("image/jpeg", asJpeg),
    server.post("application/json", JSON.stringify({ image: sample.toString("base64") })),
  ]).finally(() => (reading = false));
  for (; reading; await pause(20)) healthy += (await server.call("/healthz")).status === 200 ? 1 : 0;
  const [first, second] = await both;
  expect(texts(first.json.lines)).toEqual(printed);
  expect(texts(second.json.lines)).toEqual(printed);
  expect(healthy).toBeGreaterThan(20);
});

test("stops reading for a caller that has gone: the next doesn't wait for the rest", async () => {
  const gone = new AbortController();
  const many = await stream(server, tiled(sample, 2, 3), gone.signal);
  expect((await eventsOf(many).next()).value!.event).toBe("line");
  gone.abort();
  const started = performance.now();
  const { json } = await server.post("image/png", sample);
  const waited = performance.now() - started - json.durationMs;
  expect(texts(json.lines)).toEqual(printed);
  const restOfTheFirst = (53 / 9) * json.durationMs;
  expect(waited).toBeLessThan(restOfTheFirst / 3);
});

test("on SIGTERM it finishes what it reads, takes no more, and exits with 0", async () => {
  const draining = new Started("ocr", path.join(folder.path, "d"), "replica-2");
  await draining.healthy();
  const response = await stream(draining, sample);
  const events = eventsOf(response);
  await events.next();
  draining.process.kill("SIGTERM");
  const rest = await all(events);
  expect(rest.at(-1)!.event).toBe("done");
  expect(rest).toHaveLength(printed.length);
  await expect(draining.call("/healthz")).rejects.toThrow(/ENOENT|ECONNREFUSED/);
  expect(await draining.exited()).toBe(0);
});

test.each([
  ["something else than an image", "image/png", Buffer.from("GIF89a"), 415, "unsupported_media_type"],
  ["an image that is cut off", "image/png", sample.subarray(0, 9_000), 422, "invalid"],
  ["an image over the limit", "image/png", Buffer.alloc(5_000_001), 413, "too_large"],
  ["JSON without an image", "application/json", "{}", 422, "invalid"],
  ["an image that isn't base64", "application/json", '{"image":"@@@"}', 422, "invalid"],
  ["a form", "multipart/form-data", "x", 415, "unsupported_media_type"],
])("refuses %s, streamed or not", async (_, contentType, body, status, code) => {
  for (const accept of ["application/json", "text/event-stream"]) {
    const answer = await server.post(contentType, body, { accept });
    expect([answer.status, answer.json.error.code]).toEqual([status, code]);
  }
});

test("finds nothing on a blank page", async () => {
  const { status, json } = await server.post("image/png", tiled(sample, 0, 0));
  expect([status, json.lines]).toEqual([200, []]);
});

/** A picture several times side by side and below each other; without any, a blank page. */
function tiled(file: Buffer, across: number, down: number): Buffer {
  const one = PNG.sync.read(file);
  const page = new PNG({ width: one.width * Math.max(1, across), height: one.height * Math.max(1, down) });
  page.data.fill(255);
  for (let i = 0; i < across * down; i++) {
    const [x, y] = [(i % across) * one.width, Math.floor(i / across) * one.height];
    PNG.bitblt(one, page, 0, 0, one.width, one.height, x, y);
  }
  return PNG.sync.write(page);
}
