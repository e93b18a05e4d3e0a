import { randomBytes } from "node:crypto";
import pino from "pino";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { fakeCluster, type FakeCluster } from "#infra/clusters/fixtures/fake-cluster.ts";
import { checkTargetJob, requestDueChecks } from "#infra/worker/check-targets.ts";
import { startJobs, type JobContext, type JobHandler } from "#infra/worker/job-loop.ts";
import { publish } from "#lib/changes/publish.ts";
import { subscribe } from "#lib/changes/subscribe.ts";
import type { SealingContext } from "#lib/context.ts";
import { claimJob } from "#lib/jobs/claim-job.ts";
import { finishJob } from "#lib/jobs/finish-job.ts";
import { jobAttempts, jobLeaseMs } from "#lib/jobs/job.ts";
import { requestJob } from "#lib/jobs/request-job.ts";
import { tidyJobs } from "#lib/jobs/tidy-jobs.ts";
import { parseSealingKey } from "#lib/secrets/seal.ts";
import { nothingFound, type TroubleCode } from "#lib/targets/kubernetes/findings.ts";
import { recordFindings } from "#lib/targets/record-findings.ts";
import { changeTarget } from "#lib/targets/change-target.ts";
import { getTarget } from "#lib/targets/get-target.ts";
import { registerTarget } from "#lib/targets/register-target.ts";
import { MovedClock } from "#lib/web/portal-for-test.ts";
import { testDatabase, type TestDatabase } from "#prisma/test-database.ts";

const sealingKey = parseSealingKey(randomBytes(32).toString("base64"));
const lines: string[] = [];
const kinds = ["target.check"] as const;
let database: TestDatabase;
let clock: MovedClock;
let ctx: JobContext;
let admin: SealingContext;
let cluster: FakeCluster;
const running: { stop(): Promise<void> }[] = [];

beforeAll(async () => {
  database = await testDatabase();
  await database.db.user.create({
    data: { id: "usr-1", name: "Ada", email: "ada@example.org", role: "admin" },
  });
  cluster = await fakeCluster();
});
beforeEach(async () => {
  const { db } = database;
  clock = new MovedClock();
  // The certificates are of today.
  clock.move(Date.now() - clock.now().getTime());
  const log = pino({ level: "debug" }, { write: (line) => void lines.push(line) });
  ctx = { db, clock, sealingKey, log, googleEndpoint: null };
  admin = { db, clock, sealingKey, actor: { type: "user", id: "usr-1", role: "admin" } };
  await db.target.deleteMany();
  await db.job.deleteMany();
});
afterEach(async () => {
  for (const loop of running.splice(0)) await loop.stop();
});
afterAll(async () => {
  await cluster.close();
  await database.drop();
});

function start(handler: JobHandler, due?: () => Promise<void>) {
  const handlers = { "target.check": handler };
  const loop = startJobs(ctx, { databaseUrl: database.url, handlers, due });
  running.push(loop);
  return loop;
}
const ask = (subjectId = "tgt-1") =>
  requestJob(database.db, { kind: "target.check", subjectId, actor: admin.actor, now: clock.now() });
const job = (id: string) => database.db.job.findUniqueOrThrow({ where: { id } });
const register = (name: string, token = cluster.token) =>
  registerTarget(admin, { name, kubeconfig: cluster.kubeconfig({ token }) });
const clusterOf = async (name: string) => (await getTarget(admin, name)).cluster!;

/** The machine may be busy, and a loop that just began may miss a hint: then it looks after two seconds. */
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 15_000 });

test("a cluster is looked at as soon as it is registered, and again when its kubeconfig is replaced", async () => {
  start(checkTargetJob);
  await register("prod", "revoked");
  await expect
    .poll(async () => (await clusterOf("prod")).detail?.findings?.trouble?.code)
    .toBe("unauthorized");
  await changeTarget(admin, "prod", { kubeconfig: cluster.kubeconfig() });
  await eventually(async () => (await clusterOf("prod")).state).toBe("ready");
  await eventually(async () => (await clusterOf("prod")).checking).toBe(false);
  expect(lines.join("")).toContain("target checked");
  expect(lines.join("")).not.toContain(cluster.token);
});

test("a cluster that nobody looked at for a while is looked at by itself, and not more often", async () => {
  await register("prod");
  await database.db.job.deleteMany();
  await requestDueChecks(ctx);
  await requestDueChecks(ctx);
  expect(await database.db.job.findMany()).toMatchObject([{ requestedById: null, status: "queued" }]);
  start(checkTargetJob);
  await eventually(async () => (await clusterOf("prod")).state).toBe("ready");
  await eventually(() => database.db.job.count({ where: { status: "done" } })).toBe(1);
  await requestDueChecks(ctx);
  expect(await database.db.job.count({ where: { status: "queued" } })).toBe(0);
  await running.pop()!.stop();
  clock.move(3 * 60_000 + 1);
  await requestDueChecks(ctx);
  expect(await database.db.job.count({ where: { status: "queued" } })).toBe(1);
});

test("a kubeconfig that doesn't open with this key is something found", async () => {
  await register("prod");
  ctx = { ...ctx, sealingKey: parseSealingKey(randomBytes(32).toString("base64")) };
  start(checkTargetJob);
  await eventually(async () => (await clusterOf("prod")).detail?.findings?.trouble?.code).toBe("unsealable");
});

test("two workers never have the same job, and the oldest goes first", async () => {
  const first = await ask("a");
  clock.move(10);
  const second = await ask("b");
  const claimed = await Promise.all([1, 2, 3].map(() => claimJob(database.db, { kinds, clock })));
  const ids = claimed.map((one) => one?.id).filter(Boolean);
  // One that was just being taken by another is left to it, and found by the next look.
  const next = await claimJob(database.db, { kinds, clock });
  expect([...ids, ...(next ? [next.id] : [])].sort()).toEqual([first, second].sort());
});

test("what is asked again while a worker is on it waits for that one, and comes right after it", async () => {
  const first = await ask();
  const taken = (await claimJob(database.db, { kinds, clock }))!;
  clock.move(10);
  const second = await ask();
  expect(second).not.toBe(first);
  const another = await ask("another");
  expect(await claimJob(database.db, { kinds, clock })).toMatchObject({ id: another });
  expect(await claimJob(database.db, { kinds, clock })).toBeNull();
  clock.move(jobLeaseMs + 1);
  // Its worker was lost: the one that was begun comes first.
  expect(await claimJob(database.db, { kinds, clock })).toMatchObject({ id: first, attempt: 2 });
  expect(await claimJob(database.db, { kinds, clock })).toMatchObject({ id: another, attempt: 2 });
  expect(await claimJob(database.db, { kinds, clock })).toBeNull();
  await finishJob(database.db, { ...taken, attempt: 2 }, { ok: true, result: {} }, clock);
  expect(await claimJob(database.db, { kinds, clock })).toMatchObject({ id: second });
});

test("what an older look found doesn't take the place of a newer one's", async () => {
  await register("prod");
  const row = await database.db.target.findFirstOrThrow({ where: { name: "prod" } });
  const record = (code: TroubleCode, at: Date) =>
    recordFindings(database.db, {
      targetId: row.id,
      credentials: row.credentials!,
      clusterUid: null,
      findings: nothingFound({ code, message: "", todo: "" }),
      at,
    });
  const early = clock.now();
  const late = new Date(early.getTime() + 1_000);
  expect(await record("timeout", late)).toBe(true);
  expect(await record("refused", early)).toBe(false);
  expect((await clusterOf("prod")).detail?.findings?.trouble?.code).toBe("timeout");
  expect(await record("dns", late)).toBe(true);
});

test("whoever looks at targets hears that a check ended: well, with a failure, or with its worker", async () => {
  const heard: string[] = [];
  const listening = subscribe(database.url, {
    onChange: (change) => void heard.push(change.topic),
    onGap: () => {},
  });
  running.push({ stop: () => listening.close() });
  await expect
    .poll(async () => {
      await database.db.$transaction((tx) => publish(tx, { topic: "tools" }));
      return heard;
    })
    .toContain("tools");
  const told = async (end: () => Promise<unknown>) => {
    heard.length = 0;
    await end();
    await eventually(() => heard).toContain("targets");
  };
  const claimed = async (subject: string) => {
    await ask(subject);
    return (await claimJob(database.db, { kinds, clock }))!;
  };
  const well = await claimed("a");
  await told(() => finishJob(database.db, well, { ok: true, result: {} }, clock));
  const badly = await claimed("b");
  await told(() => finishJob(database.db, badly, { ok: false, message: "It failed." }, clock));
  await ask("c");
  for (let attempt = 1; attempt <= jobAttempts; attempt++) {
    await claimJob(database.db, { kinds, clock });
    clock.move(jobLeaseMs + 1);
  }
  await told(() => tidyJobs(database.db, clock));
});

test("a job of a worker that was lost is taken when its lease is over, and what the late one says counts no more", async () => {
  const id = await ask();
  const lost = (await claimJob(database.db, { kinds, clock }))!;
  expect(await claimJob(database.db, { kinds, clock })).toBeNull();
  clock.move(jobLeaseMs + 1);
  const again = (await claimJob(database.db, { kinds, clock }))!;
  expect(again).toMatchObject({ id, attempt: 2 });
  expect(await finishJob(database.db, lost, { ok: true, result: { late: true } }, clock)).toBe(false);
  expect(await finishJob(database.db, again, { ok: true, result: { found: 1 } }, clock)).toBe(true);
  expect(await job(id)).toMatchObject({ status: "done", result: { found: 1 } });
});

test("one whose workers are lost again and again fails, and what ended a day ago is forgotten", async () => {
  const id = await ask();
  for (let attempt = 1; attempt <= jobAttempts; attempt++) {
    expect(await claimJob(database.db, { kinds, clock })).toMatchObject({ attempt });
    clock.move(jobLeaseMs + 1);
  }
  expect(await claimJob(database.db, { kinds, clock })).toBeNull();
  await tidyJobs(database.db, clock);
  expect(await job(id)).toMatchObject({
    status: "failed",
    message: expect.stringContaining("worker") as string,
  });
  clock.move(24 * 60 * 60_000 + 1);
  await tidyJobs(database.db, clock);
  expect(await database.db.job.count()).toBe(0);
});

test("a handler that fails keeps no other job, and its reason is for the log alone", async () => {
  start(async (_, { subjectId }) => {
    if (subjectId === "bad") throw new Error("the reason of the failure");
    return { of: subjectId };
  });
  const [bad, good] = [await ask("bad"), await ask("good")];
  await eventually(async () => (await job(bad)).status).toBe("failed");
  await eventually(async () => (await job(good)).result).toEqual({ of: "good" });
  expect((await job(bad)).message).not.toContain("the reason");
  expect(lines.join("")).toContain("the reason of the failure");
});

test("a worker that stops breaks its job off and leaves it to the next", async () => {
  let begun = false;
  const loop = start(async (_ctx, _job, signal) => {
    begun = true;
    await new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("broken off"))));
    return {};
  });
  const id = await ask();
  await eventually(() => begun).toBe(true);
  await loop.stop();
  start(async () => ({ by: "the next" }));
  await eventually(async () => (await job(id)).result).toEqual({ by: "the next" });
});
