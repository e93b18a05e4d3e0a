import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Context } from "#lib/context.ts";
import type { Db } from "#lib/db.ts";
import type { Begun } from "#lib/operations/begin.ts";
import { cancel } from "#lib/operations/cancel.ts";
import { finish } from "#lib/operations/finish.ts";
import { getOperation } from "#lib/operations/get-operation.ts";
import { heartbeat } from "#lib/operations/heartbeat.ts";
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
  type HandClock,
} from "#lib/operations/queue-for-test.ts";
import { record } from "#lib/operations/record.ts";
import { recover } from "#lib/operations/recover.ts";
import { isTerminal, type OperationStatus } from "#lib/operations/status.ts";
import { testDatabase, type TestDatabase } from "#prisma/test-database.ts";

let database: TestDatabase;
let db: Db;
let actor: Context["actor"] & { id: string };
beforeAll(async () => {
  database = await testDatabase();
  db = database.db;
  actor = await person(db);
});
afterAll(() => database.drop());

/** What should be, kept in the simplest way: one deployment, its operations in order, who holds which. */
type Model = {
  operations: { id: string; status: OperationStatus; asked: boolean; isLeaseOver: boolean; fence: number }[];
  /** every claim that ever was: late ones go on trying */
  claims: Begun[];
  fence: number;
};
type Real = { ctx: Context; clock: HandClock; deployment: { deploymentId: string; revisionId: string } };
type Step = (model: Model, real: Real) => Promise<void>;

const running = (model: Model) => model.operations.find(({ status }) => status === "running");
const holds = (model: Model, claim: Begun) => {
  const operation = running(model);
  return operation?.id === claim.operationId && operation.fence === claim.fence ? operation : undefined;
};

const steps: Record<string, (pick: number) => Step> = {
  queue:
    () =>
    async (model, { ctx, deployment }) => {
      const id = await queue(ctx, deployment);
      model.operations.push({ id, status: "queued", asked: false, isLeaseOver: false, fence: 0 });
    },
  take:
    () =>
    async (model, { clock }) => {
      const begun = await take(db, clock);
      const next = running(model) ? undefined : model.operations.find(({ status }) => status === "queued");
      expect(begun?.operationId).toBe(next?.id);
      if (!begun || !next) return;
      model.fence += 1;
      expect(begun.fence).toBe(model.fence);
      Object.assign(next, { status: "running", fence: model.fence, isLeaseOver: false });
      model.claims.push(begun);
    },
  beat: (pick) => async (model) => {
    const claim = model.claims[pick % Math.max(1, model.claims.length)];
    if (!claim) return;
    const beat = await heartbeat(db, claim);
    const held = holds(model, claim);
    expect(beat).toEqual(held ? { cancelRequested: held.asked } : null);
    if (held) held.isLeaseOver = false;
  },
  record:
    (pick) =>
    async (model, { clock }) => {
      const claim = model.claims[pick % Math.max(1, model.claims.length)];
      if (!claim) return;
      const event = { kind: "log", level: "info", source: "engine", text: "x" } as const;
      const seq = await record(db, claim, [{ at: clock.now(), event }]);
      expect(seq !== null).toBe(holds(model, claim) !== undefined);
    },
  finish:
    (pick) =>
    async (model, { clock }) => {
      const claim = model.claims[pick % Math.max(1, model.claims.length)];
      if (!claim) return;
      const held = holds(model, claim);
      expect(await finish(db, claim, success, clock)).toBe(held !== undefined);
      if (held) held.status = "succeeded";
    },
  cancel:
    (pick) =>
    async (model, { ctx }) => {
      const operation = model.operations[pick % Math.max(1, model.operations.length)];
      if (!operation) return;
      const wasTerminal = isTerminal(operation.status);
      const done = cancel(ctx, { operationId: operation.id });
      if (wasTerminal) return void (await expect(done).rejects.toMatchObject({ code: "conflict" }));
      await done;
      operation.asked = true;
      if (operation.status === "queued") operation.status = "cancelled";
    },
  reap:
    () =>
    async (model, { clock }) => {
      const ended = await recover(db, { clock, except: [], settle: async () => stopped, onFailed });
      const held = running(model);
      expect(ended).toEqual(held?.isLeaseOver ? [held.id] : []);
      if (held?.isLeaseOver) held.status = "interrupted";
    },
  "fall silent": () => async (model) => {
    const held = running(model);
    if (!held) return;
    await endLease(db, held.id);
    held.isLeaseOver = true;
  },
  pass:
    (pick) =>
    async (_model, { clock }) =>
      clock.pass((pick % 5) * 2_500),
};

const onFailed = ({ operationId }: { operationId: string }, error: unknown) => {
  throw new Error(`${operationId} couldn't be ended`, { cause: error });
};

const script = fc.array(fc.tuple(fc.constantFrom(...Object.keys(steps)), fc.nat(30)), {
  minLength: 12,
  maxLength: 60,
  size: "max",
});

test(
  "whatever happens in whatever order, the rows say what the model says",
  { timeout: 120_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(script, async (chosen) => {
        await db.operation.deleteMany();
        const clock = handClock();
        const real: Real = { ctx: { db, actor, clock }, clock, deployment: await deploymentOf(db, actor.id) };
        const model: Model = { operations: [], claims: [], fence: 0 };
        for (const [name, pick] of chosen) {
          clock.pass(1);
          await steps[name]!(pick)(model, real);
        }
        for (const { id, status } of model.operations) {
          const view = await getOperation(real.ctx, id);
          expect(view.status).toBe(status);
          const events = await listEvents(real.ctx, { operationId: id });
          expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i + 1));
          expect(view.lastSeq).toBe(events.length);
          expect(events.filter(({ kind }) => kind === "ended")).toHaveLength(isTerminal(status) ? 1 : 0);
        }
      }),
      { numRuns: 40 },
    );
  },
);
