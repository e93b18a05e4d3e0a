import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "#lib/clock.ts";
import type { Context } from "#lib/context.ts";
import type { Db } from "#lib/db.ts";
import { cancel } from "#lib/operations/cancel.ts";
import { finish } from "#lib/operations/finish.ts";
import { getOperation } from "#lib/operations/get-operation.ts";
import { heartbeat } from "#lib/operations/heartbeat.ts";
import { listEvents } from "#lib/operations/list-events.ts";
import { listOperations } from "#lib/operations/list-operations.ts";
import { deploymentOf, person, queue, success, take } from "#lib/operations/queue-for-test.ts";
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

const deploymentHere = () => deploymentOf(db, (ctx.actor as { id: string }).id);
const kindsOf = async (operationId: string) =>
  (await listEvents(ctx, { operationId })).map(({ kind }) => kind);

test("a queued operation is cancelled at once, and its deployment doesn't wait for it", async () => {
  const deployment = await deploymentHere();
  const operationId = await queue(ctx, deployment);
  expect(await cancel(ctx, { operationId })).toMatchObject({ status: "cancelled", cancelRequested: true });
  expect(await kindsOf(operationId)).toEqual(["stage_started", "cancel_requested", "stage_ended", "ended"]);
  expect(await take(db)).toBeNull();
  expect(await db.deployment.findUniqueOrThrow({ where: { id: deployment.deploymentId } })).toMatchObject({
    status: "failed",
    statusCode: "cancelled",
  });
});

test("a running operation is asked once, and its worker hears of it with the next beat", async () => {
  await queue(ctx, await deploymentHere());
  const begun = (await take(db))!;
  expect(await heartbeat(db, begun)).toEqual({ cancelRequested: false });
  const [first, second] = await Promise.all([cancel(ctx, begun), cancel(ctx, begun)]);
  expect([first.status, second.status]).toEqual(["running", "running"]);
  expect(await kindsOf(begun.operationId)).toEqual(["stage_started", "stage_ended", "cancel_requested"]);
  const asked = (await listEvents(ctx, begun)).find((event) => event.kind === "cancel_requested");
  expect(asked?.by).toBe("Ada");
  expect(await heartbeat(db, begun)).toEqual({ cancelRequested: true });
  await finish(db, begun, success, systemClock);
});

test("what has ended can't be cancelled", async () => {
  await queue(ctx, await deploymentHere());
  const begun = (await take(db))!;
  await finish(db, begun, success, systemClock);
  await expect(cancel(ctx, begun)).rejects.toMatchObject({ code: "conflict" });
  expect((await getOperation(ctx, begun.operationId)).status).toBe("succeeded");
});

test("cancelling what a worker takes at the same moment ends in one or the other, never in both", async () => {
  for (let round = 0; round < 12; round++) {
    const operationId = await queue(ctx, await deploymentHere());
    const [begun] = await Promise.all([take(db), cancel(ctx, { operationId })]);
    const { status } = await getOperation(ctx, operationId);
    // A worker that finds the row held takes it the next time, or finds it cancelled.
    expect(status).toBe(begun ? "running" : "cancelled");
    if (begun) await finish(db, begun, success, systemClock);
  }
});

test("another person's operation isn't there, an admin's eye sees it", async () => {
  const deployment = await deploymentHere();
  const operationId = await queue(ctx, deployment);
  const other: Context = { ...ctx, actor: await person(db, "Grace") };
  await expect(cancel(other, { operationId })).rejects.toMatchObject({ code: "not_found" });
  await expect(getOperation(other, operationId)).rejects.toMatchObject({ code: "not_found" });
  await expect(listEvents(other, { operationId })).rejects.toMatchObject({ code: "not_found" });
  expect(await listOperations(other, deployment.deploymentId)).toEqual([]);
  const admin: Context = { ...ctx, actor: await person(db, "Root", "admin") };
  expect(await listOperations(admin, deployment.deploymentId)).toMatchObject([
    { id: operationId, by: "Ada" },
  ]);
  expect(await cancel(admin, { operationId })).toMatchObject({ status: "cancelled" });
});
