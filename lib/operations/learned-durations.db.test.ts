import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "#lib/clock.ts";
import type { Context } from "#lib/context.ts";
import { finish, type Outcome } from "#lib/operations/finish.ts";
import { learnedDurations } from "#lib/operations/learned-durations.ts";
import { deploymentOf, person, queue, stopped, success, take } from "#lib/operations/queue-for-test.ts";
import { record } from "#lib/operations/record.ts";
import { testDatabase, type TestDatabase } from "#prisma/test-database.ts";

let database: TestDatabase;
let ctx: Context;
beforeAll(async () => {
  database = await testDatabase();
  ctx = { db: database.db, actor: await person(database.db), clock: systemClock };
});
afterAll(() => database.drop());

async function run(planningMs: number, outcome: Outcome): Promise<void> {
  const { db } = database;
  await queue(ctx, await deploymentOf(db, (ctx.actor as { id: string }).id));
  const begun = (await take(db))!;
  const ended = { kind: "stage_ended", ok: true, durationMs: planningMs } as const;
  await record(db, begun, [
    { at: new Date(), event: { ...ended, stage: "queued" } },
    { at: new Date(), event: { ...ended, stage: "planning" } },
  ]);
  await finish(db, begun, outcome, systemClock);
}

test("the median of the last 20 that succeeded; what failed teaches nothing, nor does waiting", async () => {
  const { db } = database;
  expect(await learnedDurations(db, "deploy", "local")).toEqual({});
  for (let i = 0; i < 3; i++) await run(1_000_000, success);
  for (let ms = 1; ms <= 20; ms++) await run(ms * 100, success);
  await run(5_000_000, stopped);
  expect(await learnedDurations(db, "deploy", "local")).toEqual({ planning: 1_050 });
  expect(await learnedDurations(db, "destroy", "local")).toEqual({});
});
