import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Context } from "#lib/context.ts";
import type { Db } from "#lib/db.ts";
import { assignRunner } from "#lib/operations/assign-runner.ts";
import type { Begun } from "#lib/operations/begin.ts";
import type { OperationEvent } from "#lib/operations/events.ts";
import { finish, type Outcome } from "#lib/operations/finish.ts";
import { getOperation } from "#lib/operations/get-operation.ts";
import { heartbeat } from "#lib/operations/heartbeat.ts";
import { leaseMs } from "#lib/operations/lease.ts";
import { listEvents } from "#lib/operations/list-events.ts";
import {
  deploymentOf,
  endLease,
  handClock,
  person,
  queue,
  stopped,
  success,
  take,
} from "#lib/operations/queue-for-test.ts";
import { record } from "#lib/operations/record.ts";
import { recover } from "#lib/operations/recover.ts";
import { testDatabase, type TestDatabase } from "#prisma/test-database.ts";

const clock = handClock();
let database: TestDatabase;
let db: Db;
let ctx: Context;
beforeAll(async () => {
  database = await testDatabase();
  db = database.db;
  ctx = { db, actor: await person(db), clock };
});
afterAll(() => database.drop());
beforeEach(() => db.operation.deleteMany());

const log = (text: string): OperationEvent => ({ kind: "log", level: "info", source: "engine", text });

const onFailed = ({ operationId }: { operationId: string }, error: unknown) => {
  throw new Error(`${operationId} couldn't be ended`, { cause: error });
};

async function begun(): Promise<Begun> {
  const deployment = await deploymentOf(db, (ctx.actor as { id: string }).id);
  await queue(ctx, deployment);
  const taken = await take(db, clock);
  if (!taken) throw new Error("nothing was taken");
  return taken;
}

test("an older attempt writes nothing: no event, no beat, no runner, no ending", async () => {
  const operation = await begun();
  const older = { ...operation, fence: operation.fence - 1 };
  expect(await record(db, older, [{ at: clock.now(), event: log("late") }])).toBeNull();
  expect(await heartbeat(db, older)).toBeNull();
  expect(await assignRunner(db, older, { pid: 1, startedAt: "1", plan: [] })).toBe(false);
  expect(await finish(db, older, success, clock)).toBe(false);
  const view = await getOperation(ctx, operation.operationId);
  expect(view).toMatchObject({ status: "running", lastSeq: 2 });
});

test("the first ending stays, whatever comes after it", async () => {
  const operation = await begun();
  const failure: Outcome = { ...stopped, status: "failed", code: "engine_failed", message: "It failed." };
  expect(await finish(db, operation, failure, clock)).toBe(true);
  expect(await finish(db, operation, success, clock)).toBe(false);
  expect(await record(db, operation, [{ at: clock.now(), event: log("late") }])).toBeNull();
  const events = await listEvents(ctx, { operationId: operation.operationId });
  expect(events.filter((event) => event.kind === "ended")).toHaveLength(1);
  expect(await getOperation(ctx, operation.operationId)).toMatchObject({
    status: "failed",
    errorCode: "engine_failed",
    errorMessage: "It failed.",
  });
});

test("events written at the same time count from 1 without a gap, each batch in its own order", async () => {
  const operation = await begun();
  const batches = Array.from({ length: 12 }, (_, b) => [0, 1, 2, 3].map((i) => `${b}.${i}`));
  await Promise.all(
    batches.map((texts) =>
      record(
        db,
        operation,
        texts.map((text) => ({ at: clock.now(), event: log(text) })),
      ),
    ),
  );
  const events = await listEvents(ctx, { operationId: operation.operationId });
  expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
  const texts = events.flatMap((event) => (event.kind === "log" ? [event.text] : []));
  for (const batch of batches) {
    expect(texts.slice(texts.indexOf(batch[0]!), texts.indexOf(batch[0]!) + 4)).toEqual(batch);
  }
  expect(await listEvents(ctx, { operationId: operation.operationId, after: 48 })).toHaveLength(2);
});

test("a batch whose answer was lost isn't written twice", async () => {
  const operation = await begun();
  const batch = [log("a"), log("b")].map((event) => ({ at: clock.now(), event }));
  expect(await record(db, operation, batch)).toBe(4);
  expect(await record(db, operation, batch, 2)).toBe(4);
  expect(await record(db, operation, [{ at: clock.now(), event: log("c") }], 4)).toBe(5);
  expect(await record(db, operation, batch, 5)).toBe(7);
});

test("zero bytes and half characters in what a program said don't keep an operation from its end", async () => {
  const operation = await begun();
  const batch = [{ at: clock.now(), event: log("a\0b \ud83d") }];
  const seq = await record(db, operation, batch);
  expect(await record(db, operation, batch, 2)).toBe(seq);
  const message = "It said \0\udc00.";
  const failed: Outcome = {
    status: "failed",
    code: "start_failed",
    message,
    deployment: { status: "failed", code: "start_failed", message },
  };
  expect(await finish(db, operation, failed, clock)).toBe(true);
  const events = await listEvents(ctx, { operationId: operation.operationId });
  expect(events.slice(-2)).toMatchObject([{ text: "a\ufffdb \ufffd" }, { message: "It said \ufffd\ufffd." }]);
  expect(await getOperation(ctx, operation.operationId)).toMatchObject({
    errorMessage: "It said \ufffd\ufffd.",
  });
});

test("a lease that ran out ends the operation as interrupted, once; one that was renewed in time doesn't", async () => {
  const [lost, kept] = [await begun(), await begun()];
  for (const { operationId } of [lost, kept]) await endLease(db, operationId);
  expect(await heartbeat(db, kept)).toEqual({ cancelRequested: false });
  const settled: string[] = [];
  const reap = () =>
    recover(db, {
      clock,
      except: [],
      onFailed,
      settle: async ({ operationId }) => {
        settled.push(operationId);
        return stopped;
      },
    });
  const both = await Promise.all([reap(), reap()]);
  expect(both.flat()).toEqual([lost.operationId]);
  expect(new Set(settled)).toEqual(new Set([lost.operationId]));
  expect((await getOperation(ctx, lost.operationId)).status).toBe("interrupted");
  expect((await getOperation(ctx, kept.operationId)).status).toBe("running");
  expect(await heartbeat(db, lost)).toBeNull();
});

test("a lease is by the database's clock, whatever that of a worker says", async () => {
  const { operationId, fence } = await begun();
  const left = async () => {
    const [row] = await db.$queryRaw<{ ms: number }[]>`
      select (extract(epoch from lease_until - now()) * 1000)::float8 as ms from operation
      where id = ${operationId}`;
    return row!.ms;
  };
  const isWhole = async () => {
    const ms = await left();
    expect(ms).toBeLessThanOrEqual(leaseMs);
    expect(ms).toBeGreaterThan(leaseMs / 2);
  };
  await isWhole();
  await endLease(db, operationId);
  await heartbeat(db, { operationId, fence });
  await isWhole();
  const fast = handClock(new Date(Date.now() + 3_600_000));
  expect(await recover(db, { clock: fast, except: [], onFailed, settle: async () => stopped })).toEqual([]);
  await endLease(db, operationId);
  const slow = handClock(new Date(Date.now() - 3_600_000));
  expect(await recover(db, { clock: slow, except: [], onFailed, settle: async () => stopped })).toEqual([
    operationId,
  ]);
});

test("a worker that beats again while its operation is being settled keeps it", async () => {
  const operation = await begun();
  await endLease(db, operation.operationId);
  const ended = await recover(db, {
    clock,
    except: [],
    onFailed,
    settle: async (stale) => {
      if (stale.operationId === operation.operationId) await heartbeat(db, operation);
      return stopped;
    },
  });
  expect(ended).not.toContain(operation.operationId);
  expect((await getOperation(ctx, operation.operationId)).status).toBe("running");
});

test("a worker that beats again while another operation is being settled isn't touched", async () => {
  const both = [await begun(), await begun()];
  for (const { operationId } of both) await endLease(db, operationId);
  const settled: string[] = [];
  const ended = await recover(db, {
    clock,
    except: [],
    onFailed,
    settle: async ({ operationId }) => {
      settled.push(operationId);
      for (const other of both) if (other.operationId !== operationId) await heartbeat(db, other);
      return stopped;
    },
  });
  expect(settled).toHaveLength(1);
  expect(ended).toEqual(settled);
});

test("one that can't be ended keeps no other one from its end", async () => {
  const both = [await begun(), await begun()].map(({ operationId }) => operationId);
  for (const operationId of both) await endLease(db, operationId);
  const bad: string[] = [];
  const ended = await recover(db, {
    clock,
    except: [],
    settle: async ({ operationId }) => {
      if (bad.length === 0) throw new Error(`no word of ${operationId}`);
      return stopped;
    },
    onFailed: ({ operationId }, error) => {
      expect(error).toMatchObject({ message: `no word of ${operationId}` });
      bad.push(operationId);
    },
  }).catch(() => []);
  expect(bad).toHaveLength(1);
  expect([...bad, ...ended].sort()).toEqual(both.sort());
});

test("what is gone stays gone, though an operation of it ends later and its name is another's", async () => {
  const { deploymentId, ...operation } = await begun();
  const { name, ownerId } = await db.deployment.update({
    where: { id: deploymentId },
    data: { status: "destroyed", destroyedAt: clock.now() },
  });
  const next = await deploymentOf(db, ownerId);
  await db.deployment.update({ where: { id: next.deploymentId }, data: { name } });
  expect(await finish(db, { deploymentId, ...operation }, success, clock)).toBe(true);
  expect((await getOperation(ctx, operation.operationId)).status).toBe("succeeded");
  expect(await db.deployment.findUniqueOrThrow({ where: { id: deploymentId } })).toMatchObject({
    status: "destroyed",
    readyAt: null,
  });
});

test("one that is up but waits for somebody, as for a DNS record, was brought up all the same", async () => {
  const operation = await begun();
  const pending = { status: "degraded", code: "certificate_pending", message: "Set a record." } as const;
  expect(
    await finish(db, operation, { ...success, deployment: { ...success.deployment, ...pending } }, clock),
  ).toBe(true);
  expect(await db.deployment.findUniqueOrThrow({ where: { id: operation.deploymentId } })).toMatchObject({
    status: "degraded",
    statusCode: "certificate_pending",
    readyAt: clock.now(),
  });
});

test("what is torn down keeps no secret, no address, and nothing that waits", async () => {
  const operation = await begun();
  const { deploymentId, revisionId } = operation;
  await db.secret.create({ data: { id: "sec-a", deploymentId, name: "TOKEN", sealed: "v1.x" } });
  await db.deployment.update({
    where: { id: deploymentId },
    data: { stackSecrets: "v1.y", probeKey: "v1.z" },
  });
  const waiting = await queue(ctx, { deploymentId, revisionId }, "update");
  const receipt = { created: [], deleted: [], remaining: [], checkedAt: clock.now().toISOString() };
  const destroyed: Outcome = {
    ...success,
    receipt,
    deployment: { status: "destroyed", code: null, message: null },
  };
  expect(await finish(db, operation, destroyed, clock)).toBe(true);
  expect(await db.deployment.findUniqueOrThrow({ where: { id: deploymentId } })).toMatchObject({
    status: "destroyed",
    endpoint: null,
    stackSecrets: null,
    probeKey: null,
    destroyedAt: clock.now(),
    receipt,
  });
  expect(await db.secret.count({ where: { deploymentId } })).toBe(0);
  expect((await getOperation(ctx, waiting)).status).toBe("cancelled");
});
