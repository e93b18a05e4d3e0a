import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "#lib/clock.ts";
import type { Context } from "#lib/context.ts";
import { finish, type Outcome } from "#lib/operations/finish.ts";
import { learnedDurations } from "#lib/operations/learned-durations.ts";
import { deploymentOf, person, queue, stopped, success, take } from "#lib/operations/queue-for-test.ts";
import { record } from "#lib/operations/record.ts";
import type { Circumstances } from "#lib/operations/usual-durations.ts";
import { testDatabase, type TestDatabase } from "#prisma/test-database.ts";

let database: TestDatabase;
let ctx: Context;
beforeAll(async () => {
  database = await testDatabase();
  ctx = { db: database.db, actor: await person(database.db), clock: systemClock };
});
afterAll(() => database.drop());

const here: Circumstances = { target: "local", cluster: null, layer: 7 };

async function run(
  planningMs: number,
  outcome: Outcome,
  { target = "local", ...spec }: { target?: string; google?: object; routing?: object } = {},
): Promise<void> {
  const { db } = database;
  const made = await deploymentOf(db, (ctx.actor as { id: string }).id);
  await db.revision.update({ where: { id: made.revisionId }, data: { spec } });
  await queue(ctx, made);
  const begun = (await take(db))!;
  const ended = { kind: "stage_ended", ok: true, durationMs: planningMs } as const;
  await record(db, begun, [
    { at: new Date(), event: { ...ended, stage: "queued" } },
    { at: new Date(), event: { ...ended, stage: "planning" } },
  ]);
  await finish(db, begun, outcome, systemClock);
  await db.deployment.update({ where: { id: made.deploymentId }, data: { target } });
}

test("the median of the last 20 that succeeded; what failed teaches nothing, nor does waiting", async () => {
  const { db } = database;
  expect(await learnedDurations(db, "deploy", here)).toEqual({});
  for (let i = 0; i < 3; i++) await run(1_000_000, success);
  for (let ms = 1; ms <= 20; ms++) await run(ms * 100, success);
  await run(5_000_000, stopped);
  expect(await learnedDurations(db, "deploy", here)).toEqual({ planning: 1_050 });
  expect(await learnedDurations(db, "destroy", here)).toEqual({});
});

test("a cluster of its own teaches nothing of one that is there, nor a layer of the other", async () => {
  const at = (mode: string, layer: number) => ({
    target: "gke",
    google: { cluster: { mode } },
    routing: { layer },
  });
  const before = await learnedDurations(database.db, "deploy", here);
  await run(7_000, success, at("own", 7));
  await run(14_000, success, at("existing", 7));
  await run(21_000, success, at("existing", 4));
  const of = (change: Partial<Circumstances>) =>
    learnedDurations(database.db, "deploy", { ...here, target: "gke", ...change });
  expect(await of({ cluster: "own" })).toEqual({ planning: 7_000 });
  expect(await of({ cluster: "existing" })).toEqual({ planning: 14_000 });
  expect(await of({ cluster: "existing", layer: 4 })).toEqual({ planning: 21_000 });
  expect(await of({ cluster: "own", layer: 4 })).toEqual({});
  expect(await learnedDurations(database.db, "deploy", here)).toEqual(before);
});
