import { randomUUID } from "node:crypto";
import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import type { LogLine } from "#infra/haproxy/log-format.ts";
import { RequestLog } from "#infra/local-runtime/haproxy/request-log.ts";
import { newId } from "#lib/ids.ts";
import type { Db } from "#lib/db.ts";
import { testDatabase, type TestDatabase } from "#prisma/test-database.ts";

let database: TestDatabase;
let folder: string;
let deploymentId: string;
beforeAll(async () => (database = await testDatabase()));
afterAll(() => database.drop());
beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "sluice-requests-"));
  deploymentId = newId("dep");
  const ownerId = newId("usr");
  const { db } = database;
  await db.user.create({ data: { id: ownerId, name: "Ada", email: `${ownerId}@example.test` } });
  await db.deployment.create({
    data: { id: deploymentId, name: deploymentId, ownerId, target: "local", status: "ready" },
  });
  await db.setting.deleteMany();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const file = () => path.join(folder, "a.log");

function requestLog(db: Db, onRefused: (error: unknown) => void = () => {}): RequestLog {
  return new RequestLog({
    db,
    balancer: { logFd: 3 } as never,
    files: { 3: file(), 4: path.join(folder, "b.log") },
    sizeLimit: 1e9,
    onCounted: () => {},
    onRefused,
  });
}

function write(count: number, change: Partial<LogLine> = {}): void {
  for (let n = 0; n < count; n++) {
    const line = { t: 1_000_000_000, f: deploymentId, b: `${deploymentId}.main`, s: "r1", st: 200, e: "--" };
    const rest = { w: 0, c: 0, r: 1, a: 10, o: 1, k: "key", id: randomUUID(), m: "GET", p: "/" };
    appendFileSync(file(), `${JSON.stringify({ ...line, ...rest, ...change })}\n`);
  }
}

/** The real database, where a write's answer is lost: before it had any effect, or after. */
function losing(db: Db, when: "before" | "after"): Db {
  let lost = false;
  const executeRaw: Db["$executeRaw"] = (async (...query: Parameters<Db["$executeRaw"]>) => {
    if (lost) return db.$executeRaw(...query);
    lost = true;
    if (when === "after") await db.$executeRaw(...query);
    throw new Error("Connection terminated unexpectedly");
  }) as never;
  return new Proxy(db, {
    get: (target, name) => (name === "$executeRaw" ? executeRaw : Reflect.get(target, name)),
  });
}

const samples = () => database.db.metricSample.findMany({ where: { deploymentId } });

it.each(["before", "after"] as const)(
  "counts once when a write's answer is lost %s its effect",
  async (when) => {
    write(10, { a: 10 });
    const log = requestLog(losing(database.db, when));
    await expect(log.read()).rejects.toThrow("terminated");
    write(9, { a: 1_000 });
    await log.read();
    const [sample] = await samples();
    expect(sample?.requests).toBe(19);
    // Ten short ones counted once are more than half of all.
    expect(sample?.latencyP50Ms).toBeCloseTo(10, -0.5);
    expect(await database.db.requestRow.count({ where: { deploymentId } })).toBe(19);
  },
);

it("counts what it can't store", async () => {
  const refused: unknown[] = [];
  write(2);
  write(1, { p: "/zero\u0000byte" });
  const log = requestLog(database.db, (error) => refused.push(error));
  await log.read();
  write(1);
  await log.read();
  expect((await samples()).map(({ requests }) => requests)).toEqual([4]);
  expect(refused).toHaveLength(1);
  expect(await database.db.requestRow.count({ where: { deploymentId } })).toBe(1);
});
