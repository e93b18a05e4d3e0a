import pino from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { expire } from "#infra/worker/expire.ts";
import type { Context } from "#lib/context.ts";
import { finish } from "#lib/operations/finish.ts";
import { listOperations } from "#lib/operations/list-operations.ts";
import { deploymentOf, handClock, person, stopped, take } from "#lib/operations/queue-for-test.ts";
import { specForTest } from "#lib/deployments/spec-for-test.ts";
import { testDatabase, type TestDatabase } from "#prisma/test-database.ts";

const clock = handClock();
let database: TestDatabase;
let ctx: Context;
beforeAll(async () => {
  database = await testDatabase();
  ctx = { db: database.db, actor: await person(database.db), clock };
});
afterAll(() => database.drop());

test("a deployment whose time is over is torn down by Sluice, once, and not before", async () => {
  const { db } = database;
  const deployment = await deploymentOf(db, (ctx.actor as { id: string }).id);
  const { deploymentId } = deployment;
  await db.revision.update({
    where: { id: deployment.revisionId },
    data: { spec: specForTest({ ttlMinutes: 5 }) },
  });
  const expiresAt = new Date(clock.now().getTime() + 5 * 60_000);
  await db.deployment.update({ where: { id: deploymentId }, data: { expiresAt, status: "ready" } });
  const look = () => expire({ db, clock, log: pino({ level: "silent" }) });

  clock.pass(5 * 60_000 - 1);
  expect(await look()).toEqual([]);
  clock.pass(1);
  expect(await look()).toEqual([deploymentId]);
  expect(await look()).toEqual([]);
  const operations = await listOperations(ctx, deploymentId);
  expect(operations).toMatchObject([
    { kind: "destroy", status: "queued", by: "Sluice: its time to live ended" },
  ]);

  // One that failed waits for a person: it isn't begun again every two seconds.
  const begun = (await take(db, clock))!;
  await finish(db, begun, stopped, clock);
  expect(await look()).toEqual([]);

  // Given more time by that person, it is torn down when that is over too.
  const later = new Date(clock.now().getTime() + 5 * 60_000);
  await db.deployment.update({ where: { id: deploymentId }, data: { expiresAt: later, status: "ready" } });
  expect(await look()).toEqual([]);
  clock.pass(5 * 60_000);
  expect(await look()).toEqual([deploymentId]);
  expect(await look()).toEqual([]);
});

test("one that can't be torn down doesn't keep the next from it", async () => {
  const { db } = database;
  const owner = (ctx.actor as { id: string }).id;
  const [broken, whole] = [await deploymentOf(db, owner), await deploymentOf(db, owner)];
  const expiresAt = clock.now();
  for (const { deploymentId } of [broken, whole])
    await db.deployment.update({ where: { id: deploymentId }, data: { expiresAt, status: "ready" } });
  await db.revision.update({ where: { id: broken.revisionId }, data: { spec: { version: "?" } } });
  await db.revision.update({ where: { id: whole.revisionId }, data: { spec: specForTest() } });
  await expire({ db, clock, log: pino({ level: "silent" }) });
  expect(await listOperations(ctx, broken.deploymentId)).toEqual([]);
  expect(await listOperations(ctx, whole.deploymentId)).toMatchObject([{ kind: "destroy" }]);
});
