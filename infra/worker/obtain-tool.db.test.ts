import pino from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Obtaining, Tool } from "#infra/tools/tool.ts";
import { obtainTool } from "#infra/worker/obtain-tool.ts";
import { systemClock } from "#lib/clock.ts";
import { testDatabase, type TestDatabase } from "#prisma/test-database.ts";

/** A machine that is busy with other tests is slow to connect. */
const patience = { timeout: 10_000 };

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

test("its progress is told, and operations wait until it is there", async () => {
  const { db } = database;
  const here = Promise.withResolvers<Tool>();
  const engine = obtainTool({ db, clock: systemClock, log: pino({ level: "silent" }) }, "pulumi", {
    cache: "/cache",
    signal: new AbortController().signal,
    obtain(how: Obtaining) {
      how.onProgress("Downloading", 0.25);
      return here.promise;
    },
  });
  const row = () => db.tool.findUnique({ where: { name: "pulumi" } });
  await expect
    .poll(row, patience)
    .toMatchObject({ status: "obtaining", step: "Downloading", progress: 0.25 });
  expect(engine.current()).toBeNull();
  here.resolve({ path: "/cache/pulumi", version: "3.259.0", source: "download" });
  await expect
    .poll(row, patience)
    .toMatchObject({ status: "ready", version: "3.259.0", source: "download", step: null });
  expect(engine.current()).toEqual({ path: "/cache/pulumi", version: "3.259.0", source: "download" });
});

test("of one that was on the machine, the page and the log tell where it was found", async () => {
  const { db } = database;
  const lines: string[] = [];
  const log = pino({}, { write: (line: string) => void lines.push(line) });
  const path = "/opt/pulumi-resource-gcp";
  const plugin = obtainTool({ db, clock: systemClock, log }, "pulumi-gcp", {
    cache: "/cache",
    signal: new AbortController().signal,
    obtain: () => Promise.resolve({ path, version: "9.37.0", source: "path" }),
  });
  await expect
    .poll(() => db.tool.findUnique({ where: { name: "pulumi-gcp" } }), patience)
    .toMatchObject({ status: "ready", version: "9.37.0", source: "path", message: path });
  expect(plugin.current()).toMatchObject({ path });
  expect(lines.map((line) => JSON.parse(line) as object)).toContainEqual(
    expect.objectContaining({ tool: "pulumi-gcp", version: "9.37.0", source: "path", path }),
  );
});

test("why it can't be had is told", async () => {
  const { db } = database;
  const stopping = new AbortController();
  const obtain = () => Promise.reject(new Error("No way to it was found. Do this."));
  const ctx = { db, clock: systemClock, log: pino({ level: "silent" }) };
  const engine = obtainTool(ctx, "pulumi", { cache: "/cache", signal: stopping.signal, obtain });
  await expect
    .poll(() => db.tool.findUnique({ where: { name: "pulumi" } }), patience)
    .toMatchObject({ status: "failed", message: "No way to it was found. Do this." });
  expect(engine.current()).toBeNull();
  stopping.abort();
});

test("what nobody needs yet is left alone", async () => {
  const { db } = database;
  const stopping = new AbortController();
  let needed = false;
  let asked = 0;
  const plugin = obtainTool({ db, clock: systemClock, log: pino({ level: "silent" }) }, "pulumi-kubernetes", {
    cache: "/cache",
    signal: stopping.signal,
    isNeeded: () => Promise.resolve((asked += 1) > 0 && needed),
    obtain: () => Promise.resolve({ path: "/cache/plugin", version: "4.34.2", source: "cache" }),
  });
  await expect.poll(() => asked).toBeGreaterThan(0);
  expect(plugin.current()).toBeNull();
  expect(await db.tool.findUnique({ where: { name: "pulumi-kubernetes" } })).toBeNull();
  needed = true;
  await expect.poll(() => plugin.current(), { timeout: 5_000 }).toMatchObject({ path: "/cache/plugin" });
  stopping.abort();
});
