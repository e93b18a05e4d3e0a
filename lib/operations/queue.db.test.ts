import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { systemClock } from "#lib/clock.ts";
import type { Context } from "#lib/context.ts";
import { begin, type Begun } from "#lib/operations/begin.ts";
import { explainWait } from "#lib/operations/explain-wait.ts";
import { finish } from "#lib/operations/finish.ts";
import { listEvents } from "#lib/operations/list-events.ts";
import { deploymentOf, person, queue, stopped, success, take } from "#lib/operations/queue-for-test.ts";
import { openDb, type Db } from "#lib/db.ts";
import { testDatabase, type TestDatabase } from "#prisma/test-database.ts";

let database: TestDatabase;
let db: Db;
let ctx: Context;
beforeAll(async () => {
  database = await testDatabase();
  db = database.db;
  ctx = { db, actor: await person(db), clock: systemClock };
});
afterAll(() => database.drop());
beforeEach(() => db.operation.deleteMany());

const ownerId = () => (ctx.actor as { id: string }).id;

test("two workers and many operations: never two at once of one deployment, and in the order they were queued", async () => {
  const deployments = await Promise.all([1, 2, 3].map(() => deploymentOf(db, ownerId())));
  const queued = new Map<string, string[]>();
  for (const deployment of deployments) {
    const ids: string[] = [];
    for (let i = 0; i < 7; i++) ids.push(await queue(ctx, deployment, i === 0 ? "deploy" : "update"));
    queued.set(deployment.deploymentId, ids);
  }
  const active = new Set<string>();
  const done = new Map<string, string[]>(deployments.map(({ deploymentId }) => [deploymentId, []]));
  const work = async (workerDb: Db, workerId: string) => {
    let idle = 0;
    while (idle < 40) {
      const begun = await begin(workerDb, { workerId, host: "here", targets: ["local"], clock: systemClock });
      if (!begun) {
        idle += 1;
        continue;
      }
      idle = 0;
      expect(active.has(begun.deploymentId)).toBe(false);
      active.add(begun.deploymentId);
      await workerDb.deployment.findUnique({ where: { id: begun.deploymentId } });
      done.get(begun.deploymentId)?.push(begun.operationId);
      active.delete(begun.deploymentId);
      expect(await finish(workerDb, begun, success, systemClock)).toBe(true);
    }
  };
  const other = openDb(database.url, 4);
  await Promise.all([work(db, "a"), work(db, "b"), work(other, "c"), work(other, "d")]);
  await other.$disconnect();
  expect(done).toEqual(queued);
});

test("operations of one deployment queued at the same moment get an order", async () => {
  const deployment = await deploymentOf(db, ownerId());
  const now = new Date("2026-01-01T00:00:00Z");
  const still = { ...ctx, clock: { now: () => now } };
  const ids = await Promise.all([1, 2, 3, 4].map(() => queue(still, deployment)));
  const rows = await db.operation.findMany({ where: { id: { in: ids } } });
  expect(new Set(rows.map((row) => row.queuedAt.getTime())).size).toBe(4);
});

test("a worker takes only operations of targets that it reaches", async () => {
  await queue(ctx, await deploymentOf(db, ownerId()));
  const elsewhere = { workerId: "a", host: "here", targets: ["kubernetes"], clock: systemClock };
  expect(await begin(db, elsewhere)).toBeNull();
  expect(await take(db)).not.toBeNull();
});

test("each attempt takes a higher fence, and a deployment says what is being done to it", async () => {
  const deployment = await deploymentOf(db, ownerId());
  const status = async () =>
    (await db.deployment.findUniqueOrThrow({ where: { id: deployment.deploymentId } })).status;
  const next = async (kind: "deploy" | "update" | "destroy"): Promise<Begun> => {
    await queue(ctx, deployment, kind);
    const begun = await take(db);
    if (!begun) throw new Error("nothing was taken");
    return begun;
  };
  const first = await next("deploy");
  expect(first).toMatchObject({ fence: 1, attempt: 1 });
  expect(await status()).toBe("provisioning");
  await finish(db, first, success, systemClock);
  const second = await next("update");
  expect(second.fence).toBe(2);
  expect(await status()).toBe("ready");
  await finish(db, second, stopped, systemClock);
  const third = await next("update");
  expect(await status()).toBe("provisioning");
  await finish(db, third, success, systemClock);
  await next("destroy");
  expect(await status()).toBe("destroying");
});

test("what waits for the engine says so once", async () => {
  const operationId = await queue(ctx, await deploymentOf(db, ownerId()));
  const say = () =>
    explainWait(db, { targets: ["local"], text: "It waits for the engine.", now: new Date() });
  await say();
  await say();
  const events = await listEvents(ctx, { operationId });
  expect(events.map((event) => (event.kind === "log" ? event.text : event.kind))).toEqual([
    "stage_started",
    "It waits for the engine.",
  ]);
});
