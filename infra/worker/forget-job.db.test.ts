import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import pino from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { stateDatabase } from "#infra/engine/state-database-for-test.ts";
import { onDatabase } from "#infra/postgres/connect.ts";
import { raiseStackFence } from "#infra/postgres/stack-fence.ts";
import { forgetJob, retryForgets } from "#infra/worker/forget-job.ts";
import { startJobs } from "#infra/worker/job-loop.ts";
import { engineFolder } from "#infra/worker/prepare-job.ts";
import { newId } from "#lib/ids.ts";
import { requestJob } from "#lib/jobs/request-job.ts";
import { tidyJobs } from "#lib/jobs/tidy-jobs.ts";
import { parseSealingKey } from "#lib/secrets/seal.ts";
import { MovedClock } from "#lib/web/portal-for-test.ts";
import { testDatabase, type TestDatabase } from "#prisma/test-database.ts";

const home = mkdtempSync(path.join(tmpdir(), "sluice-forget-"));
let database: TestDatabase;
let state: Awaited<ReturnType<typeof stateDatabase>>;

beforeAll(async () => {
  database = await testDatabase();
  state = await stateDatabase();
});
afterAll(async () => {
  await state.drop();
  await database.drop();
  rmSync(home, { recursive: true, force: true });
});

test("what couldn't be forgotten, because the engine's database was away, is forgotten later, even days later", async () => {
  const { db } = database;
  const clock = new MovedClock();
  await db.user.create({ data: { id: "usr-1", name: "Ada", email: "ada@example.org" } });
  const id = newId("dep");
  await db.deployment.create({
    data: { id, name: id, ownerId: "usr-1", target: "kubernetes", status: "destroyed", fence: 4 },
  });
  // Its last engine had an older fence: the tear-down failed before it had one of its own.
  await raiseStackFence(state.url, id, 2);
  const key = `state/.pulumi/stacks/sluice/${id}.json`;
  const asEngine = (fence: number, statement: string) =>
    onDatabase(state.url, async (client) => {
      await client.query("select set_config('sluice.fence', $1, false)", [String(fence)]);
      await client.query(statement, [key]);
    });
  const write = "insert into pulumi_state (key, data) values ($1, '{}')";
  await asEngine(2, write);
  mkdirSync(engineFolder(home, id), { recursive: true });
  const sealingKey = parseSealingKey(Buffer.alloc(32).toString("base64"));
  const ctx = { db, clock, sealingKey, log: pino({ level: "silent" }), googleEndpoint: null };
  const actor = { type: "system", reason: "a test" } as const;
  const job = await requestJob(db, { kind: "forget", subjectId: id, actor, now: clock.now() });
  const statusOf = async () => (await db.job.findUniqueOrThrow({ where: { id: job } })).status;
  const work = async (statePortalUrl: string, status: string) => {
    const forget = forgetJob({ db, home, statePortalUrl });
    const loop = startJobs(ctx, { databaseUrl: database.url, handlers: { forget } });
    await expect.poll(statusOf, { timeout: 15_000 }).toBe(status);
    await loop.stop();
  };

  await work("postgres://nobody@127.0.0.1:1/none", "failed");
  await retryForgets(ctx);
  expect(await statusOf()).toBe("failed");
  clock.move(3 * 24 * 60 * 60_000);
  await tidyJobs(db, clock);
  await retryForgets(ctx);
  expect(await statusOf()).toBe("queued");
  await work(state.url, "done");
  expect(existsSync(engineFolder(home, id))).toBe(false);
  expect(await state.rows()).toBe("");
  // One that lives on elsewhere writes nothing back.
  await expect(asEngine(2, write)).rejects.toThrow(/stale fence 2/);
  clock.move(3 * 24 * 60 * 60_000);
  await retryForgets(ctx);
  expect(await statusOf()).toBe("done");
});
