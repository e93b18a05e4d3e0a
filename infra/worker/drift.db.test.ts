import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { driftJob, requestDueDrifts } from "#infra/worker/drift-job.ts";
import { JobFailure } from "#infra/worker/job-loop.ts";
import type { SealingContext } from "#lib/context.ts";
import { createDeployment } from "#lib/deployments/create.ts";
import { getDrift, repairDeployment, requestDrift } from "#lib/deployments/drift.ts";
import { recordDrift } from "#lib/deployments/record-drift.ts";
import { updateDeployment } from "#lib/deployments/update.ts";
import { claimJob } from "#lib/jobs/claim-job.ts";
import { finishJob } from "#lib/jobs/finish-job.ts";
import { begin } from "#lib/operations/begin.ts";
import { cancel } from "#lib/operations/cancel.ts";
import { finish, type Outcome } from "#lib/operations/finish.ts";
import { stopped, success } from "#lib/operations/queue-for-test.ts";
import type { DriftItem } from "#lib/targets/drift.ts";
import { registerClusterForTest } from "#lib/targets/cluster-for-test.ts";
import { testPortal, type TestPortal } from "#lib/web/portal-for-test.ts";

let portal: TestPortal;
let member: SealingContext;

beforeAll(async () => {
  portal = await testPortal();
  const admin = await portal.person("Ada", "admin");
  member = await portal.person("Grace");
  await registerClusterForTest(admin);
});
afterAll(() => portal.drop());
beforeEach(async () => {
  await portal.db.deployment.deleteMany();
  await portal.db.job.deleteMany();
});

async function work(outcome: Outcome = success) {
  const worker = { workerId: "w", host: "h", targets: ["local", "kubernetes"], clock: portal.clock };
  const begun = (await begin(portal.db, worker))!;
  await finish(portal.db, begun, outcome, portal.clock);
  portal.clock.move(1_000);
}

async function ready(name = "chat", target = "prod") {
  const model = target === "local" ? { preset: "sentiment" } : { image: "registry.example.org/chat:1" };
  const { id } = await createDeployment(member, { name, target, model });
  await work();
  return id;
}

const items: DriftItem[] = [
  { type: "kubernetes:core/v1:Service", name: "endpoint", gone: true, what: "It was deleted." },
];
const saw = async (deploymentId: string, seen: Parameters<typeof recordDrift>[1]["seen"]) => {
  const { fence } = await portal.db.deployment.findUniqueOrThrow({ where: { id: deploymentId } });
  return recordDrift(portal.db, { deploymentId, fence, seen, at: portal.clock.now() });
};
const repairAfterDrift = async (id: string) => {
  await saw(id, { items });
  await repairDeployment(member, id);
};
/** A change that failed, and its endpoint answers as before. */
const stillServing: Outcome = { ...stopped, deployment: { ...stopped.deployment, status: "degraded" } };
const waiting = () => portal.db.job.findMany({ where: { kind: "drift", status: "queued" } });

test("a ready deployment of a cluster is looked at every ten minutes, one at a time, the oldest look first", async () => {
  const [first, second] = [await ready("one"), await ready("two")];
  await ready("here", "local");
  await saw(second, { items: [] });
  await requestDueDrifts(portal);
  await requestDueDrifts(portal);
  expect(await waiting()).toMatchObject([{ subjectId: first, requestedById: null }]);
  const job = (await claimJob(portal.db, { kinds: ["drift"], clock: portal.clock }))!;
  await saw(first, { trouble: "The cluster doesn't answer." });
  await finishJob(portal.db, job, { ok: true, result: {} }, portal.clock);
  await requestDueDrifts(portal);
  expect(await waiting()).toEqual([]);
  portal.clock.move(10 * 60_000 + 1_000);
  await requestDueDrifts(portal);
  expect(await waiting()).toMatchObject([{ subjectId: second }]);
});

test("one that can't be looked at has its turn like all others", async () => {
  const [changed, other] = [await ready("one"), await ready("two")];
  await repairAfterDrift(changed);
  await work(stillServing);
  const ctx = { ...portal, home: "/nowhere", stateUrl: "postgres://nowhere", googleEndpoint: null };
  const turns: string[] = [];
  for (let turn = 0; turn < 2; turn++) {
    portal.clock.move(11 * 60_000);
    await requestDueDrifts(portal);
    const job = (await claimJob(portal.db, { kinds: ["drift"], clock: portal.clock }))!;
    turns.push(job.subjectId);
    // Nothing is written of either: what failed last isn't compared, and the other's look was broken off.
    if (job.subjectId === changed) await driftJob(ctx, () => null)(ctx, job, new AbortController().signal);
    await finishJob(portal.db, job, { ok: true, result: {} }, portal.clock);
  }
  expect(turns.sort()).toEqual([changed, other].sort());
});

test("nothing is looked at while an operation waits or runs, and what was seen before one counts no more", async () => {
  const id = await ready();
  const { fence } = await portal.db.deployment.findUniqueOrThrow({ where: { id } });
  await saw(id, { items });
  expect(await repairDeployment(member, id)).toMatchObject({ kind: "update", status: "queued" });
  portal.clock.move(60 * 60_000);
  await requestDueDrifts(portal);
  expect(await waiting()).toEqual([]);
  expect(await saw(id, { items: [] })).toBe(false);
  await expect(requestDrift(member, id)).rejects.toMatchObject({ code: "conflict" });
  await expect(repairDeployment(member, id)).rejects.toMatchObject({ code: "conflict" });
  await work();
  // A look that began before the operation tells of what was.
  const late = { deploymentId: id, fence, seen: { items }, at: portal.clock.now() };
  expect(await recordDrift(portal.db, late)).toBe(false);
  expect(await getDrift(member, id)).toEqual({ checkedAt: null, items: [], trouble: null, checking: false });
});

test("nothing is put right before it was found; while a look is under way, that is said", async () => {
  const id = await ready();
  const refused = (next: string) => ({ code: "conflict", message: expect.stringContaining(next) as string });
  await expect(repairDeployment(member, id)).rejects.toMatchObject(refused("Look again first."));
  await requestDrift(member, id);
  await expect(repairDeployment(member, id)).rejects.toMatchObject(refused("try again in a moment"));
  await saw(id, { items });
  expect(await repairDeployment(member, id)).toMatchObject({ kind: "update", status: "queued" });
});

test("a look whose turn comes while it is being changed looks at nothing", async () => {
  const id = await ready();
  await requestDrift(member, id);
  await saw(id, { items });
  await repairDeployment(member, id);
  const job = (await claimJob(portal.db, { kinds: ["drift"], clock: portal.clock }))!;
  const ctx = { ...portal, home: "/nowhere", stateUrl: "postgres://nowhere", googleEndpoint: null };
  const handler = driftJob(ctx, () => null);
  expect(await handler(ctx, job, new AbortController().signal)).toEqual({ found: "it is being changed" });
});

test("after an operation that failed, what was seen stays for the retry to put right", async () => {
  const id = await ready();
  await saw(id, { items });
  await repairDeployment(member, id);
  await work(stopped);
  expect((await getDrift(member, id))?.items).toEqual(items);
  await expect(requestDrift(member, id)).rejects.toMatchObject({
    message: expect.stringContaining("Retry") as string,
  });
});

test("what was cancelled before it began keeps nothing from being looked at and put right", async () => {
  const id = await ready();
  const { operation } = await updateDeployment(member, id, { scaling: { minReplicas: 2 } });
  await cancel(member, { operationId: operation.id });
  await requestDrift(member, id);
  const job = (await claimJob(portal.db, { kinds: ["drift"], clock: portal.clock }))!;
  const ctx = { ...portal, home: "/nowhere", stateUrl: "postgres://nowhere", googleEndpoint: null };
  // It goes as far as the engine, which this worker doesn't have.
  await expect(driftJob(ctx, () => null)(ctx, job, new AbortController().signal)).rejects.toThrow(JobFailure);
  await saw(id, { items });
  expect(await repairDeployment(member, id)).toMatchObject({ kind: "update", revision: 1 });
});

test("trouble of a look is said beside what was seen before; who may see the deployment sees it", async () => {
  const id = await ready();
  await saw(id, { items });
  const seenAt = portal.clock.now().toISOString();
  portal.clock.move(60_000);
  await saw(id, { trouble: "The cluster doesn't answer." });
  expect(await getDrift(member, id)).toEqual({
    checkedAt: seenAt,
    items,
    trouble: { at: portal.clock.now().toISOString(), message: "The cluster doesn't answer." },
    checking: false,
  });
  const stranger = await portal.person("Edith");
  for (const verb of [getDrift, requestDrift, repairDeployment])
    await expect(verb(stranger, id)).rejects.toMatchObject({ code: "not_found" });
});

test("on this machine there is nothing to compare", async () => {
  const id = await ready("here", "local");
  expect(await getDrift(member, id)).toBeNull();
  await expect(requestDrift(member, id)).rejects.toMatchObject({ code: "conflict" });
});
