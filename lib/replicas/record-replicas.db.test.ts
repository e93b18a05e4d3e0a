import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Tx } from "#lib/db.ts";
import { newId } from "#lib/ids.ts";
import { recordReplicas } from "#lib/replicas/record-replicas.ts";
import type { Shortage } from "#lib/replicas/shortage.ts";
import { testDatabase, type TestDatabase } from "#prisma/test-database.ts";
import { waitForWaiters } from "#prisma/wait-for-waiters.ts";

let database: TestDatabase;
let id: string;
let minute = 0;

beforeAll(async () => {
  database = await testDatabase();
  await database.db.user.create({ data: { id: "usr-1", name: "Ada", email: "ada@example.org" } });
});
afterAll(() => database.drop());
beforeEach(async () => {
  id = newId("dep");
  const revisionId = newId("rev");
  await database.db.deployment.create({
    data: {
      id,
      name: id,
      ownerId: "usr-1",
      target: "local",
      status: "ready",
      revisionId,
      revisions: { create: { id: revisionId, number: 1, spec: {} } },
    },
  });
  await operation({ status: "succeeded" });
});

const at = () => new Date(Date.UTC(2026, 0, 1, 0, minute++));
async function operation(
  ended: { status: string; errorCode?: string; errorMessage?: string; finishedAt?: Date },
  hasBegun = true,
): Promise<void> {
  const { revisionId } = await row();
  const data = {
    id: newId("op"),
    deploymentId: id,
    revisionId: revisionId!,
    kind: "update",
    actorType: "user",
  };
  const startedAt = hasBegun ? at() : null;
  const finishedAt = ended.status === "running" ? null : at();
  const { fence } = await database.db.deployment.update({
    where: { id },
    data: { fence: { increment: hasBegun ? 1 : 0 } },
  });
  const begun = { startedAt, finishedAt, fence: hasBegun ? fence : 0 };
  await database.db.operation.create({ data: { ...data, ...begun, ...ended } });
}
const failure = { status: "failed", errorCode: "name_taken", errorMessage: "Something is there already." };
const row = () => database.db.deployment.findUniqueOrThrow({ where: { id } });
async function recorded(shortage: Shortage | null = null) {
  await recordReplicas(database.db, { id, desired: 2, ready: 1, shortage, replicas: [] }, at());
  const { status, statusCode, statusMessage } = await row();
  return [status, statusCode, statusMessage];
}
const ready = ["ready", null, null];

test("a shortage makes it degraded, with or without a code, and its end ready", async () => {
  expect(await recorded({ code: "image_pull", message: "No image." })).toEqual([
    "degraded",
    "image_pull",
    "No image.",
  ]);
  expect(await recorded({ code: null, message: "One is short." })).toEqual([
    "degraded",
    null,
    "One is short.",
  ]);
  expect(await recorded()).toEqual(ready);
  expect(await row()).toMatchObject({ replicasDesired: 2, replicasReady: 1 });
});

test("what an operation failed by is said until one succeeds; a shortage comes before it", async () => {
  const failed = ["degraded", "name_taken", "Something is there already."];
  await operation(failure);
  expect(await recorded()).toEqual(failed);
  expect(await recorded({ code: null, message: "One is short." })).toEqual([
    "degraded",
    null,
    "One is short.",
  ]);
  expect(await recorded()).toEqual(failed);
  await operation({ status: "cancelled", errorCode: "cancelled", errorMessage: "Not begun." }, false);
  expect(await recorded()).toEqual(failed);
  await operation({ status: "succeeded" });
  expect(await recorded()).toEqual(ready);
});

test("which operation was the last isn't told by workers' clocks", async () => {
  await operation(failure);
  await operation({ status: "succeeded", finishedAt: new Date(Date.UTC(2025, 0)) });
  expect(await recorded()).toEqual(ready);
});

test("while an operation runs, or where it doesn't serve, the status stays", async () => {
  await operation({ status: "running" });
  expect(await recorded({ code: null, message: "One is short." })).toEqual(ready);
  await database.db.operation.deleteMany({ where: { status: "running" } });
  await database.db.deployment.update({ where: { id }, data: { status: "failed" } });
  expect(await recorded()).toEqual(["failed", null, null]);
});

test.each(["destroying", "ready"])(
  "what waits for an operation to begin leaves what that says: %s",
  async (status) => {
    let told: Promise<unknown> | undefined;
    const begin = async (tx: Tx) => {
      await tx.deployment.update({ where: { id }, data: { status, fence: { increment: 1 } } });
      told = recorded({ code: null, message: "One is short." });
      await waitForWaiters(database.db);
    };
    await database.db.$transaction(begin, { timeout: 15_000 });
    expect(await told).toEqual([status, null, null]);
    expect(await row()).toMatchObject({ replicasDesired: 2, replicasReady: 1 });
  },
);
