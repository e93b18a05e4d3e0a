import { randomBytes } from "node:crypto";
import pino from "pino";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { Cluster } from "#infra/clusters/ask-cluster.ts";
import { fakeCluster, type FakeCluster } from "#infra/clusters/fixtures/fake-cluster.ts";
import { countNow } from "#infra/clusters/replicas/count-now.ts";
import {
  autoscalerForTest,
  deploymentForTest,
  podForTest,
  running,
} from "#infra/clusters/replicas/pods-for-test.ts";
import { LogReader } from "#infra/clusters/replicas/read-all-logs.ts";
import { readRows } from "#infra/clusters/replicas/read-rows.ts";
import { watchReplicas } from "#infra/clusters/replicas/watch-clusters.ts";
import { specForTest } from "#lib/deployments/spec-for-test.ts";
import { systemClock } from "#lib/clock.ts";
import { publish, type Change } from "#lib/changes/publish.ts";
import { subscribe, type Subscription } from "#lib/changes/subscribe.ts";
import { newId } from "#lib/ids.ts";
import { listReplicas } from "#lib/replicas/list.ts";
import { parseSealingKey, seal } from "#lib/secrets/seal.ts";
import { registerTarget } from "#lib/targets/register-target.ts";
import { namespaceOf } from "#lib/targets/kubernetes/settings.ts";
import { testDatabase, type TestDatabase } from "#prisma/test-database.ts";

// What the worker writes of replicas in a cluster, against an API server of the test's own.

const sealingKey = parseSealingKey(randomBytes(32).toString("base64"));
const log = pino({ level: "silent" });
const actor = { type: "user", id: "usr-1", role: "admin" } as const;
let database: TestDatabase;
let cluster: FakeCluster;
let hints: Subscription;
const told: Change[] = [];
const loops: { stop(): Promise<void> }[] = [];
/** what pods have written, by `POD` or `POD previous` */
let logs: Record<string, string[]>;
let targetId: string;
let id: string;

beforeAll(async () => {
  database = await testDatabase();
  await database.db.user.create({
    data: { id: "usr-1", name: "Ada", email: "ada@example.org", role: "admin" },
  });
  hints = subscribe(database.url, { onChange: (change) => void told.push(change), onGap() {} });
});
beforeEach(async () => {
  const { db } = database;
  cluster = await fakeCluster();
  logs = {};
  cluster.answers = (_, url) => {
    const pod = /\/pods\/([^/]+)\/log$/.exec(url.pathname)?.[1];
    return pod ? logOf(pod, url.searchParams) : null;
  };
  await db.deployment.deleteMany();
  await db.target.deleteMany();
  const admin = { db, clock: systemClock, sealingKey, actor };
  await registerTarget(admin, { name: "prod", kubeconfig: cluster.kubeconfig() });
  targetId = (await db.target.findFirstOrThrow()).id;
  id = await deployment();
});
afterEach(async () => {
  for (const loop of loops.splice(0)) await loop.stop();
  await cluster.close();
});
afterAll(async () => {
  await hints.close();
  await database.drop();
});

/** As the API server and a kubelet answer. */
function logOf(pod: string, query: URLSearchParams) {
  const lines = logs[query.has("previous") ? `${pod} previous` : pod];
  if (!lines)
    return { status: 400, body: { kind: "Status", message: "previous terminated container not found" } };
  const since = query.get("sinceTime") ?? "";
  const tail = lines.slice(-Number(query.get("tailLines")));
  return {
    status: 200,
    body: tail
      .filter((line) => line >= since.slice(0, 19))
      .map((line) => `${line}\n`)
      .join(""),
  };
}

/** A deployment with two replicas that was brought to the cluster and is ready. */
async function deployment(): Promise<string> {
  const { db } = database;
  const deploymentId = newId("dep");
  const revisionId = newId("rev");
  const spec = specForTest();
  const [main] = spec.variants;
  const scaling = { ...main!.scaling, minReplicas: 2, maxReplicas: 2 };
  await db.deployment.create({
    data: {
      id: deploymentId,
      name: deploymentId,
      ownerId: "usr-1",
      target: "kubernetes",
      targetId,
      status: "ready",
      revisionId,
      revisions: {
        create: { id: revisionId, number: 1, spec: { ...spec, variants: [{ ...main!, scaling }] } },
      },
      operations: {
        create: {
          id: newId("op"),
          kind: "deploy",
          status: "succeeded",
          actorType: "user",
          revisionId,
          finishedAt: new Date(),
        },
      },
    },
  });
  return deploymentId;
}

const has = (
  pods: object[],
  deployments: object[] = [deploymentForTest(id, 2)],
  autoscalers: object[] = [],
) => {
  cluster.lists["/api/v1/pods"] = pods;
  cluster.lists["/apis/apps/v1/deployments"] = deployments;
  cluster.lists["/apis/autoscaling/v2/horizontalpodautoscalers"] = autoscalers;
};
function watch(timing = { everyMs: 10, staleMs: 100 }, key = sealingKey) {
  const loop = watchReplicas(
    { db: database.db, clock: systemClock, log, sealingKey: key, googleEndpoint: null },
    { databaseUrl: database.url, timing },
  );
  loops.push(loop);
  return loop;
}
const row = () => database.db.deployment.findUniqueOrThrow({ where: { id } });
const replicas = () => listReplicas({ db: database.db, clock: systemClock, actor }, { deploymentId: id });
const lines = async () =>
  (await database.db.replicaLogLine.findMany({ orderBy: { id: "asc" } })).map(({ line }) => line);
const steps = () => database.db.scaleStep.findMany({ orderBy: { id: "asc" } });
/** Waits until at least two whole looks have been made since. */
async function looks() {
  const isList = (one: string) => one === "GET /api/v1/pods";
  const before = cluster.asked.filter(isList).length;
  await vi.waitUntil(() => cluster.asked.filter(isList).length >= before + 3, { timeout: 10_000 });
}
const eventually = (check: () => Promise<unknown>) => vi.waitFor(check, { timeout: 10_000, interval: 20 });

test("pods are shown as replicas, and one that is replaced as such", async () => {
  has([podForTest(id, "p-a"), podForTest(id, "p-b")]);
  watch();
  await eventually(async () => expect(await replicas()).toHaveLength(2));
  expect(await row()).toMatchObject({ replicasDesired: 2, replicasReady: 2, status: "ready" });
  expect((await replicas())[0]).toMatchObject({
    id: `${id}/main/1`,
    pod: "p-a",
    node: "node-1",
    pid: null,
    inFlight: null,
    state: "ready",
  });
  const drains = podForTest(id, "p-a", { metadata: { deletionTimestamp: "2026-11-22T10:01:00Z" } });
  has([drains, podForTest(id, "p-b"), podForTest(id, "p-c", { ready: false, container: null })]);
  await eventually(async () =>
    expect((await replicas()).map(({ pod, ordinal, state }) => [pod, ordinal, state])).toEqual([
      ["p-a", 1, "draining"],
      ["p-b", 2, "ready"],
      ["p-c", 3, "starting"],
    ]),
  );
  has([podForTest(id, "p-b"), podForTest(id, "p-c")]);
  await eventually(async () =>
    expect((await replicas()).map(({ pod, ordinal }) => [pod, ordinal])).toEqual([
      ["p-b", 2],
      ["p-c", 3],
    ]),
  );
});

test("at an operation's end they are counted at once, by a look at this deployment alone; who looks at the cluster writes them", async () => {
  const there = cluster.lists;
  cluster.answers = (_, url) => {
    const path = url.pathname.replace(`/namespaces/${namespaceOf(id)}`, "");
    return path === url.pathname ? null : { status: 200, body: { items: there[path] ?? [] } };
  };
  has([podForTest(id, "p-b"), podForTest(id, "p-c")]);
  const { db } = database;
  await db.deployment.update({ where: { id }, data: { status: "provisioning" } });
  const replica = { deploymentId: id, variant: "main", state: "ready" };
  // Seen by a look that began later and wrote first: its log is read on from there.
  const seen = {
    ...replica,
    id: `${id}/main/1`,
    ordinal: 1,
    pod: "p-a",
    podUid: "uid-a",
    logReadTo: "there",
  };
  await db.replica.create({ data: seen });
  cluster.asked.length = 0;
  await countNow({ db, clock: systemClock, sealingKey, googleEndpoint: null }, id);
  expect(await row()).toMatchObject({ status: "provisioning", replicasDesired: 2, replicasReady: 2 });
  expect(cluster.asked).toHaveLength(3);
  expect(await db.replica.findMany()).toMatchObject([seen]);
  await db.deployment.update({ where: { id }, data: { status: "destroyed", replicasReady: 0 } });
  await countNow({ db, clock: systemClock, sealingKey, googleEndpoint: null }, id);
  expect(await row()).toMatchObject({ status: "destroyed", replicasReady: 0 });
});

test("a cluster is looked at as soon as an operation there has ended", async () => {
  has([]);
  watch({ everyMs: 60_000, staleMs: 100 });
  await eventually(async () => expect(cluster.asked).toContain("GET /api/v1/pods"));
  has([podForTest(id, "p-a")]);
  const end = { topic: "operation", deploymentId: id, operationId: "op-1", seq: 1 } as const;
  await eventually(async () => {
    await publish(database.db, end);
    expect(await replicas()).toHaveLength(1);
  });
});

test("another worker goes on with the numbers that pods have", async () => {
  has([podForTest(id, "p-a"), podForTest(id, "p-b")]);
  const first = watch();
  await eventually(async () => expect(await replicas()).toHaveLength(2));
  await first.stop();
  has([podForTest(id, "p-b"), podForTest(id, "p-c")]);
  watch();
  await eventually(async () =>
    expect((await replicas()).map(({ pod, ordinal }) => [pod, ordinal])).toEqual([
      ["p-c", 1],
      ["p-b", 2],
    ]),
  );
});

test("only one worker looks at a cluster, and another does once that one is gone", async () => {
  has([podForTest(id, "p-a")]);
  const first = watch();
  await eventually(async () => expect(await replicas()).toHaveLength(1));
  const isLocked = async () => {
    const [found] = await database.db.$queryRaw<{ count: bigint }[]>`
      select count(*) from pg_locks where locktype = 'advisory' and objsubid = 2
        and database = (select oid from pg_database where datname = current_database())`;
    return Number(found!.count);
  };
  watch();
  await looks();
  expect(await isLocked()).toBe(1);
  await first.stop();
  has([podForTest(id, "p-a"), podForTest(id, "p-b")]);
  await eventually(async () => expect(await replicas()).toHaveLength(2));
});

test("a worker with another key says that, and leaves the cluster to one that has its key", async () => {
  has([podForTest(id, "p-a"), podForTest(id, "p-b")]);
  watch(undefined, parseSealingKey(randomBytes(32).toString("base64")));
  await eventually(async () => expect((await row()).statusCode).toBe("secret_unreadable"));
  watch();
  await eventually(async () => expect(await replicas()).toHaveLength(2));
  await looks();
  expect(await row()).toMatchObject({ status: "ready", statusCode: null });
});

test("it is degraded while too few are ready, with the reason, and ready after; an operation that runs has the say", async () => {
  const broken = running({
    started: false,
    restartCount: 3,
    state: { waiting: { reason: "ImagePullBackOff" } as object },
  });
  const pods = [podForTest(id, "p-a"), podForTest(id, "p-b", { ready: false, container: broken })];
  has(pods);
  const { revisionId } = await row();
  const operation = await database.db.operation.create({
    data: {
      id: newId("op"),
      deploymentId: id,
      revisionId: revisionId!,
      kind: "update",
      status: "running",
      actorType: "user",
    },
  });
  watch({ everyMs: 300, staleMs: 60_000 });
  await looks();
  await looks();
  expect(await row()).toMatchObject({ status: "ready", statusMessage: null, replicasReady: 1 });
  await database.db.operation.delete({ where: { id: operation.id } });
  await eventually(async () =>
    expect(await row()).toMatchObject({ status: "degraded", statusCode: "image_pull" }),
  );
  expect((await row()).statusMessage).toContain("1 of 2 replicas of main are ready. The image");
  expect((await replicas())[1]).toMatchObject({ state: "restarting", restarts: 3 });
  has([podForTest(id, "p-a"), podForTest(id, "p-b")]);
  await eventually(async () =>
    expect(await row()).toMatchObject({ status: "ready", statusCode: null, statusMessage: null }),
  );
});

test("what was brought to it last isn't told by workers' clocks", async () => {
  const { db } = database;
  const { spec } = await db.revision.findFirstOrThrow({ where: { deploymentId: id } });
  const revisionId = newId("rev");
  const text = JSON.stringify(spec).replace('"minReplicas":2', '"minReplicas":3');
  await db.revision.create({
    data: { id: revisionId, deploymentId: id, number: 2, spec: JSON.parse(text) as object },
  });
  const ended = { status: "succeeded", fence: 2, finishedAt: new Date(Date.now() - 60_000) };
  const operation = { id: newId("op"), kind: "update", actorType: "user", ...ended };
  await db.operation.create({ data: { ...operation, deploymentId: id, revisionId } });
  const place = { key: targetId, targetId, link: null, onlyFor: null };
  expect(await readRows(db, place)).toMatchObject([{ id, variants: [{ name: "main", least: 3 }] }]);
});

test("what was deleted by hand is looked for at once, and asked for once, so that it can be put right", async () => {
  const asked = () => database.db.job.findMany({ where: { kind: "drift", subjectId: id } });
  has([podForTest(id, "p-a"), podForTest(id, "p-b")]);
  watch();
  await eventually(async () => expect(await row()).toMatchObject({ status: "ready", replicasReady: 2 }));
  expect(await asked()).toEqual([]);
  has([], []);
  await eventually(async () =>
    expect(await asked()).toMatchObject([{ status: "queued", requestedById: null }]),
  );
  expect(await row()).toMatchObject({ status: "degraded", statusCode: "objects_missing" });
  await database.db.job.deleteMany();
  await looks();
  await looks();
  expect(await asked()).toEqual([]);
});

test("what a change failed by is still said after the next look, and nobody is told twice", async () => {
  const said = { statusCode: "name_taken", statusMessage: "Something is there already." };
  const ended = { errorCode: said.statusCode, errorMessage: said.statusMessage, finishedAt: new Date() };
  const { revisionId } = await row();
  const operation = {
    id: newId("op"),
    kind: "update",
    status: "failed",
    actorType: "user",
    startedAt: new Date(),
  };
  await database.db.operation.create({
    data: { ...operation, ...ended, deploymentId: id, revisionId: revisionId! },
  });
  has([podForTest(id, "p-a"), podForTest(id, "p-b")]);
  watch();
  await eventually(async () =>
    expect(await row()).toMatchObject({ ...said, status: "degraded", replicasReady: 2 }),
  );
  await looks();
  told.length = 0;
  await looks();
  expect(await row()).toMatchObject({ ...said, status: "degraded" });
  expect(told.filter(({ topic }) => topic === "deployment")).toEqual([]);
});

test("nobody is told where nothing changed", async () => {
  has([podForTest(id, "p-a"), podForTest(id, "p-b")]);
  watch();
  await eventually(async () => expect(told).toContainEqual({ topic: "deployment", deploymentId: id }));
  await looks();
  told.length = 0;
  const { updatedAt } = await database.db.replica.findFirstOrThrow();
  await looks();
  await looks();
  expect(told.filter(({ topic }) => topic === "deployment")).toEqual([]);
  expect((await database.db.replica.findFirstOrThrow()).updatedAt).toEqual(updatedAt);
});

test("a cluster that doesn't answer ends no replica: it is said that what is shown is older, until it answers", async () => {
  has([podForTest(id, "p-a"), podForTest(id, "p-b")]);
  watch();
  await eventually(async () => expect(await replicas()).toHaveLength(2));
  const working = cluster.answers;
  cluster.answers = () => ({ status: 503, body: { kind: "Status", message: "etcd is away" } });
  await eventually(async () => expect((await row()).statusCode).toBe("target_unreachable"));
  expect(await row()).toMatchObject({ status: "ready", replicasReady: 2 });
  expect((await row()).statusMessage).toMatch(/since \d{4}-\d\d-\d\d \d\d:\d\d UTC.*prod can't be asked/);
  expect((await replicas()).map(({ state }) => state)).toEqual(["ready", "ready"]);
  cluster.answers = working;
  await eventually(async () =>
    expect(await row()).toMatchObject({ status: "ready", statusCode: null, statusMessage: null }),
  );
});

test("where not all namespaces may be listed, each of ours is; where neither, the right that is missing is named", async () => {
  const pods = `/api/v1/namespaces/sluice-${id}/pods`;
  has([]);
  cluster.lists[pods] = [podForTest(id, "p-a"), podForTest(id, "p-b")];
  cluster.says["GET /api/v1/pods"] = 403;
  watch();
  await eventually(async () => expect(await replicas()).toHaveLength(2));
  cluster.says[`GET ${pods}`] = 403;
  await eventually(async () => expect((await row()).statusCode).toBe("target_refused"));
  expect(await replicas()).toHaveLength(2);
});

test("what was torn down has no replicas, and what others labelled as ours isn't ours", async () => {
  const strange = podForTest(id, "p-x", { metadata: { namespace: "elsewhere" } });
  has([podForTest(id, "p-a"), strange]);
  watch();
  await eventually(async () => expect(await replicas()).toHaveLength(1));
  await database.db.deployment.update({ where: { id }, data: { status: "destroyed" } });
  await eventually(async () => expect(await replicas()).toEqual([]));
});

test("each line is stored once, without secrets, over restarts of the container and of the worker", async () => {
  await database.db.secret.create({
    data: { id: "sec-1", deploymentId: id, name: "TOKEN", sealed: seal(sealingKey, id, "hunter-22") },
  });
  const at = (second: number, text: string) =>
    `2026-11-22T10:00:${String(second).padStart(2, "0")}.000000000Z ${text}`;
  logs["p-a"] = [at(1, "one"), at(1, "one again"), at(2, "with hunter-22")];
  has([podForTest(id, "p-a")]);
  const first = watch();
  await eventually(async () => expect(await lines()).toEqual(["one", "one again", "with [secret]"]));
  logs["p-a"].push(at(2, "in the same moment"), at(3, "three"));
  await eventually(async () => expect(await lines()).toHaveLength(5));
  await first.stop();
  // Its last words, then the next container's first.
  logs["p-a previous"] = [...logs["p-a"], at(4, "I die")];
  logs["p-a"] = [at(5, "I am back")];
  has([podForTest(id, "p-a", { container: running({ restartCount: 1 }) })]);
  watch();
  await eventually(async () => expect((await lines()).slice(5)).toEqual(["I die", "I am back"]));
  await looks();
  expect((await lines()).slice(3)).toEqual(["in the same moment", "three", "I die", "I am back"]);
  expect((await database.db.replicaLogLine.findFirstOrThrow()).replicaId).toBe(`${id}/main/1`);
});

test("a node that doesn't say what its pods write keeps no other node's logs waiting, and isn't asked again at once", async () => {
  const on = (name: string, node: string) => ({ ...podForTest(id, name), spec: { nodeName: node } });
  const pods = [on("p-a", "gone"), on("p-b", "gone"), on("p-c", "well")];
  has(pods);
  const first = watch();
  await eventually(async () => expect(await replicas()).toHaveLength(3));
  await first.stop();
  const asked: string[] = [];
  const text = (path: string) => {
    asked.push(/pods\/([^/]+)/.exec(path)![1]!);
    // As a question that took too long ends.
    if (asked.at(-1) !== "p-c") return Promise.reject(new DOMException("too long", "AbortError"));
    return Promise.resolve("2026-11-22T10:00:01.000000000Z still heard\n");
  };
  const reader = new LogReader(database.db, sealingKey);
  const read = () =>
    reader.read({ text } as unknown as Cluster, new Map([[id, pods]]), new AbortController().signal);
  await read();
  expect(await lines()).toEqual(["still heard"]);
  asked.length = 0;
  await read();
  expect(asked).toEqual(["p-c"]);
});

test("what more is written than can be kept is left out, and that is said", async () => {
  const at = (n: number) =>
    `2026-11-22T10:00:${String(Math.floor(n / 100)).padStart(2, "0")}.${String(n % 100).padStart(9, "0")}Z ${n}`;
  logs["p-a"] = [at(0)];
  has([podForTest(id, "p-a")]);
  watch();
  await eventually(async () => expect(await lines()).toEqual(["0"]));
  logs["p-a"] = Array.from({ length: 1_500 }, (_, n) => at(n));
  await eventually(async () => expect((await lines()).at(-1)).toBe("1499"));
  const all = await lines();
  expect(all).toHaveLength(1_002);
  expect(all[1]).toContain("were left out");
  expect(all[2]).toBe("500");
});

test("what the autoscaler decides are steps with its figures, also those that nobody looked at", async () => {
  const scaled = (desiredReplicas: number, cpu: number, lastScaleTime?: string) =>
    has(
      [podForTest(id, "p-a"), podForTest(id, "p-b")],
      [deploymentForTest(id, desiredReplicas)],
      [autoscalerForTest(id, { desiredReplicas, cpu, lastScaleTime })],
    );
  scaled(1, 20);
  const first = watch();
  await eventually(async () => expect((await row()).replicasDesired).toBe(1));
  scaled(3, 182, new Date().toISOString());
  await eventually(async () => expect(await steps()).toHaveLength(1));
  expect((await steps())[0]).toMatchObject({ variant: "main", from: 1, to: 3 });
  expect((await steps())[0]!.reason).toBe("1 → 3: cpu 182 % of requested, target 70 %.");
  expect((await row()).replicasDesired).toBe(3);
  await first.stop();
  scaled(2, 12, new Date(Date.now() + 5_000).toISOString());
  watch();
  await eventually(async () => expect(await steps()).toHaveLength(2));
  expect((await steps())[1]).toMatchObject({ from: 3, to: 2 });
  await looks();
  expect(await steps()).toHaveLength(2);
});
