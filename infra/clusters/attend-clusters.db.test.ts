import { randomBytes } from "node:crypto";
import { createServer, type AddressInfo, type Server } from "node:net";
import pino, { type Logger } from "pino";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { attendClusters } from "#infra/clusters/attend-clusters.ts";
import { fakeCluster, type FakeCluster } from "#infra/clusters/fixtures/fake-cluster.ts";
import { specForTest } from "#lib/deployments/spec-for-test.ts";
import { systemClock } from "#lib/clock.ts";
import type { Spec, StoredSpec } from "#lib/deployments/spec.ts";
import { newId } from "#lib/ids.ts";
import { parseSealingKey, seal, type SealingKey } from "#lib/secrets/seal.ts";
import { labelsOf } from "#lib/targets/kubernetes/manifests/metadata.ts";
import { namespaceOf } from "#lib/targets/kubernetes/settings.ts";
import { testDatabase, type TestDatabase } from "#prisma/test-database.ts";

// What the worker does for endpoints in clusters, against API servers of the test's own; a real one has
// e2e/cluster/portal/keys-and-figures.check.ts.

const sealingKey = parseSealingKey(randomBytes(32).toString("base64"));
const log = pino({ level: "silent" });
const loops: { stop(): Promise<void> }[] = [];
let database: TestDatabase;
let cluster: FakeCluster;

beforeAll(async () => {
  database = await testDatabase();
  await database.db.user.create({ data: { id: "usr-1", name: "Ada", email: "ada@example.org" } });
});
beforeEach(async () => {
  await database.db.deployment.deleteMany();
  await database.db.target.deleteMany();
  cluster = await fakeCluster();
});
afterEach(async () => {
  await Promise.all(loops.splice(0).map((loop) => loop.stop()));
  await cluster.close();
});
afterAll(() => database.drop());

function start(change: { log?: Logger; sealingKey?: SealingKey } = {}): void {
  const ctx = { db: database.db, clock: systemClock, log, sealingKey, googleEndpoint: null, ...change };
  loops.push(attendClusters(ctx, { databaseUrl: database.url }));
}

async function target(kubeconfig: string): Promise<string> {
  const id = newId("tgt");
  await database.db.target.create({
    data: {
      id,
      name: id,
      kind: "kubernetes",
      settings: { publicHost: null, imagePrefix: null },
      credentials: seal(sealingKey, id, kubeconfig),
      server: "https://127.0.0.1",
      contextName: "test",
      clusterIdentifier: id,
    },
  });
  return id;
}

async function deployment(targetId: string, change: Partial<StoredSpec> = {}): Promise<string> {
  const id = newId("dep");
  const revisionId = newId("rev");
  const spec = { ...specForTest(), target: "kubernetes", ...change };
  await database.db.deployment.create({
    data: {
      id,
      name: id,
      ownerId: "usr-1",
      target: "kubernetes",
      targetId,
      status: "ready",
      revisionId,
      revisions: { create: { id: revisionId, number: 1, spec } },
    },
  });
  return id;
}

type Answers = Record<string, object | string>;

/** What the cluster has of a deployment; by method and path. */
function answer(answers: Answers): void {
  cluster.answers = (method, url) => {
    const body = answers[`${method} ${url.pathname}`];
    return body === undefined ? null : { status: 200, body };
  };
}

const namespaceAt = (id: string) => `/api/v1/namespaces/${namespaceOf(id)}`;
const secretAt = (id: string) => `${namespaceAt(id)}/secrets/proxy-keys`;
const namespace = (id: string) => ({
  metadata: { name: namespaceOf(id), labels: labelsOf({ deploymentId: id, namespace: "" }) },
});
const items = (...all: object[]) => ({ items: all });
const model = (id: string, ready: number) => ({
  metadata: {
    name: "model-main",
    labels: labelsOf({ deploymentId: id, namespace: "", role: "model", variant: "main" }),
  },
  status: { readyReplicas: ready },
});
const asked = (line: string) => cluster.asked.filter((one) => one === line).length;
const open: Pick<Spec, "endpoint" | "routing"> = (() => {
  const { endpoint, routing } = specForTest() as Spec;
  return { endpoint: { ...endpoint, access: "open" }, routing: { ...routing, layer: 4 } };
})();

test("a stored spec that isn't one costs no other deployment its keys", async () => {
  const targetId = await target(cluster.kubeconfig());
  const [broken, ours] = [await deployment(targetId), await deployment(targetId)];
  await database.db.revision.updateMany({ where: { deploymentId: broken }, data: { spec: { version: 9 } } });
  answer({
    [`GET ${namespaceAt(ours)}`]: namespace(ours),
    [`GET ${namespaceAt(ours)}/pods`]: items(),
    [`PATCH ${secretAt(ours)}`]: {},
  });
  start();
  await vi.waitUntil(() => asked(`PATCH ${secretAt(ours)}`) > 0, { timeout: 10_000 });
});

test("a namespace that isn't this deployment's by its labels is left alone, and so is one that goes", async () => {
  const targetId = await target(cluster.kubeconfig());
  const [foreign, going, ours] = [
    await deployment(targetId),
    await deployment(targetId),
    await deployment(targetId),
  ];
  const { metadata } = namespace(going);
  answer({
    [`GET ${namespaceAt(foreign)}`]: namespace(ours),
    [`GET ${namespaceAt(going)}`]: { metadata: { ...metadata, deletionTimestamp: "2026-11-22T10:00:00Z" } },
    [`GET ${namespaceAt(ours)}`]: namespace(ours),
    [`GET ${namespaceAt(ours)}/pods`]: items(),
    [`PATCH ${secretAt(ours)}`]: {},
  });
  start();
  await vi.waitUntil(() => asked(`PATCH ${secretAt(ours)}`) > 0, { timeout: 10_000 });
  await vi.waitUntil(
    () => asked(`GET ${namespaceAt(foreign)}`) > 1 && asked(`GET ${namespaceAt(going)}`) > 1,
    { timeout: 10_000 },
  );
  for (const id of [foreign, going]) {
    expect(
      cluster.asked.filter((line) => line.includes(namespaceAt(id)) && line !== `GET ${namespaceAt(id)}`),
    ).toEqual([]);
  }
});

test("where nobody counts requests they are null and not zero, and the replicas are known", async () => {
  const id = await deployment(await target(cluster.kubeconfig()), open);
  answer({
    [`GET ${namespaceAt(id)}`]: namespace(id),
    [`GET ${namespaceAt(id)}/pods`]: items(),
    [`GET /apis/apps/v1/namespaces/${namespaceOf(id)}/deployments`]: items(model(id, 3)),
  });
  start();
  const sample = await vi.waitUntil(
    () => database.db.metricSample.findFirst({ where: { deploymentId: id } }),
    {
      timeout: 15_000,
    },
  );
  expect(sample).toMatchObject({
    variant: "main",
    requests: null,
    errors: null,
    serverErrors: null,
    replicasReady: 3,
  });
  expect(asked(`PATCH ${secretAt(id)}`)).toBe(0);
});

test("a cluster that says nothing keeps no other one waiting", async () => {
  const silent: Server = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const address = `https://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  await deployment(await target(cluster.kubeconfig().replaceAll(cluster.url, address)));
  const id = await deployment(await target(cluster.kubeconfig()));
  answer({
    [`GET ${namespaceAt(id)}`]: namespace(id),
    [`GET ${namespaceAt(id)}/pods`]: items(),
    [`PATCH ${secretAt(id)}`]: {},
  });
  start();
  await vi.waitUntil(() => asked(`PATCH ${secretAt(id)}`) > 0, { timeout: 5_000 });
  silent.close();
});

test("a worker with another key says so once, and leaves the cluster to one that has its key", async () => {
  const id = await deployment(await target(cluster.kubeconfig()));
  answer({
    [`GET ${namespaceAt(id)}`]: namespace(id),
    [`GET ${namespaceAt(id)}/pods`]: items(),
    [`PATCH ${secretAt(id)}`]: {},
  });
  const said: string[] = [];
  const other = parseSealingKey(randomBytes(32).toString("base64"));
  start({ sealingKey: other, log: pino({ level: "warn" }, { write: (line) => void said.push(line) }) });
  await vi.waitUntil(() => said.length > 0, { timeout: 10_000 });
  start();
  await vi.waitUntil(() => asked(`PATCH ${secretAt(id)}`) > 0, { timeout: 10_000 });
  expect(said).toEqual([expect.stringContaining("another SLUICE_KEY")]);
});

test("two workers, a log that is given again and again: each request is counted once", async () => {
  const id = await deployment(await target(cluster.kubeconfig()));
  const pod = {
    metadata: {
      name: "proxy-1",
      uid: "uid-1",
      labels: labelsOf({ deploymentId: id, namespace: "", role: "proxy" }),
    },
    status: { containerStatuses: [{ name: "haproxy", containerID: "c1", restartCount: 0, state: {} }] },
  };
  // A worker that begins tidies away what is too old to be shown.
  const now = Date.now();
  const line = (n: number) =>
    `2026-11-22T10:00:0${n}.5Z ` +
    JSON.stringify({
      t: now,
      f: id,
      b: `${id}.main`,
      s: "r1",
      st: 200,
      e: "--",
      w: 0,
      c: 0,
      r: 1,
      a: 1,
      o: 1,
      k: "key",
      id: `${id}-${n}`,
      m: "GET",
      p: "/",
    });
  const pods = `${namespaceAt(id)}/pods`;
  const lines = [line(1), "2026-11-22T10:00:01.9Z [NOTICE] haproxy says something", line(2)];
  const answers: Answers = {
    [`GET ${namespaceAt(id)}`]: namespace(id),
    [`GET ${pods}`]: items(pod),
    [`GET ${pods}/proxy-1`]: pod,
    [`GET ${pods}/proxy-1/log`]: `${lines.join("\n")}\n`,
    [`GET /apis/apps/v1/namespaces/${namespaceOf(id)}/deployments`]: items(model(id, 1)),
    [`PATCH ${secretAt(id)}`]: {},
  };
  answer(answers);
  start();
  start();
  const requests = async () =>
    (await database.db.metricSample.aggregate({ where: { deploymentId: id }, _sum: { requests: true } }))._sum
      .requests;
  await vi.waitUntil(async () => (await requests()) === 2, { timeout: 10_000 });
  // One worker has the cluster; the other one takes it over.
  await loops.shift()!.stop();
  answers[`GET ${pods}/proxy-1/log`] = `${[...lines, line(3)].join("\n")}\n`;
  await vi.waitUntil(async () => (await requests()) === 3, { timeout: 15_000 });
  const readings = asked(`GET ${pods}/proxy-1/log`);
  await vi.waitUntil(() => asked(`GET ${pods}/proxy-1/log`) > readings, { timeout: 10_000 });
  expect(await requests()).toBe(3);
}, 40_000);
