import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { LogPosition } from "#infra/clusters/figures/log-position.ts";
import { positionName, StoredPosition } from "#infra/clusters/figures/stored-position.ts";
import { tidyTraffic } from "#infra/clusters/figures/tidy-traffic.ts";
import type { LogLine } from "#infra/haproxy/log-format.ts";
import { RequestCounter } from "#infra/traffic/count-requests.ts";
import type { Db } from "#lib/db.ts";
import { newId } from "#lib/ids.ts";
import { testDatabase, type TestDatabase } from "#prisma/test-database.ts";

const never = new AbortController().signal;
const position = (n: number): LogPosition => ({ container: "c", time: `2026-11-22T10:00:0${n}`, same: 1 });
let database: TestDatabase;
let id: string;
let refused: unknown[];
let told: string[];

beforeAll(async () => {
  database = await testDatabase();
  await database.db.user.create({ data: { id: "usr-1", name: "Ada", email: "ada@example.org" } });
});
beforeEach(async () => {
  id = newId("dep");
  refused = [];
  told = [];
  await database.db.deployment.create({
    data: { id, name: id, ownerId: "usr-1", target: "kubernetes", status: "ready" },
  });
});
afterAll(() => database.drop());

const reader = (uid = "pod-1", db: Db = database.db) =>
  new StoredPosition(db, positionName(id, uid), {
    refused: (error) => refused.push(error),
    failing: (error) => told.push((error as Error).message),
    well: () => told.push("well"),
  });

const counted = (count: number, change: Partial<LogLine> = {}) =>
  new RequestCounter().count(
    Array.from({ length: count }, (_, n) => ({
      t: Date.parse("2026-11-22T10:00:00Z"),
      f: id,
      b: `${id}.main`,
      s: "r1",
      st: 200,
      e: "--",
      w: 0,
      c: 0,
      r: 1,
      a: 1,
      o: 10,
      k: "key",
      id: `${newId("op")}-${n}`,
      m: "GET",
      p: "/",
      ...change,
    })),
  );

const requests = async () =>
  (await database.db.metricSample.aggregate({ where: { deploymentId: id }, _sum: { requests: true } }))._sum
    .requests;

test("counts and position move together, and the next reader goes on from there", async () => {
  const first = reader();
  expect(await first.read()).toBeNull();
  await first.store(counted(3), position(1), never);
  await first.store(counted(2), position(2), never);
  expect(await reader().read()).toEqual(position(2));
  expect(await requests()).toBe(5);
});

test("of two that read the same log one is counted, and the other is told", async () => {
  const [one, two] = [reader(), reader()];
  await Promise.all([one.read(), two.read()]);
  const done = await Promise.allSettled([
    one.store(counted(3), position(1), never),
    two.store(counted(4), position(2), never),
  ]);
  expect(done.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  const [winner] = done[0].status === "fulfilled" ? [3] : [4];
  expect(await requests()).toBe(winner);
});

test("a try whose answer was lost, but which worked, is not counted again", async () => {
  const [lost, same] = [reader(), reader()];
  await Promise.all([lost.read(), same.read()]);
  await lost.store(counted(3), position(1), never);
  await same.store(counted(3), position(1), never);
  expect(await requests()).toBe(3);
});

test("a request that the database refuses to store is counted nevertheless", async () => {
  const one = reader();
  await one.read();
  await one.store(counted(2, { p: "/\0" }), position(1), never);
  expect(refused).toHaveLength(1);
  expect(await requests()).toBe(2);
  expect(await database.db.requestRow.count({ where: { deploymentId: id } })).toBe(0);
});

test("while the database fails it is tried again, and that is told once, and once that it works again", async () => {
  let tries = 0;
  const $executeRaw = async (...given: Parameters<Db["$executeRaw"]>) => {
    if (++tries <= 2) throw new Error(`no ${tries}`);
    return database.db.$executeRaw(...given);
  };
  const one = reader("pod-1", Object.create(database.db, { $executeRaw: { value: $executeRaw } }) as Db);
  await one.read();
  await one.store(counted(2), position(1), never);
  await one.store(counted(1), position(2), never);
  expect(await requests()).toBe(3);
  expect(told).toEqual(["no 1", "well"]);
});

test("positions go with their deployment", async () => {
  const one = reader();
  await one.read();
  await one.store(counted(1), position(1), never);
  await tidyTraffic(database.db, new Date("2026-11-22T10:01:00Z"));
  expect(await reader().read()).toEqual(position(1));
  await database.db.deployment.update({ where: { id }, data: { status: "destroyed" } });
  await tidyTraffic(database.db, new Date("2026-11-22T10:01:00Z"));
  expect(await reader().read()).toBeNull();
});
