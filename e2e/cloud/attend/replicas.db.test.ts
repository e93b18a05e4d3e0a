import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { attendBench, type AttendBench } from "#e2e/cloud/attend/bench-for-test.ts";
import { owner } from "#e2e/cloud/google/google-for-test.ts";
import { countNow } from "#infra/clusters/replicas/count-now.ts";
import { deploymentForTest, podForTest } from "#infra/clusters/replicas/pods-for-test.ts";
import { watchReplicas } from "#infra/clusters/replicas/watch-clusters.ts";
import { namespaceOf } from "#lib/targets/kubernetes/settings.ts";

// What the worker writes of replicas in clusters of a Google project: the way there is asked of the model.

let bench: AttendBench;
const loops: { stop(): Promise<void> }[] = [];

beforeAll(async () => {
  bench = await attendBench();
});
beforeEach(async () => {
  await bench.db.deployment.deleteMany();
  bench.google.tokens.lifetimeSeconds = 3600;
  bench.cluster.answers = () => null;
  has([]);
});
afterEach(async () => {
  for (const loop of loops.splice(0)) await loop.stop();
});
afterAll(() => bench.close());

/** What all clusters have; each deployment has one replica. */
function has(ids: string[]): void {
  const { lists } = bench.cluster;
  lists["/api/v1/pods"] = ids.map((id) => podForTest(id, `pod-${id}`));
  lists["/apis/apps/v1/deployments"] = ids.map((id) => deploymentForTest(id, 1));
  lists["/apis/autoscaling/v2/horizontalpodautoscalers"] = [];
}

function watch(): void {
  loops.push(
    watchReplicas(bench.ctx, { databaseUrl: bench.databaseUrl, timing: { everyMs: 10, staleMs: 50 } }),
  );
}
const isReady = async (id: string, count = 1) => (await bench.row(id)).replicasReady === count;

test("each deployment's own cluster is watched by itself, as soon as it is there", async () => {
  const [first, second] = [await bench.deployment(), await bench.deployment({ status: "provisioning" })];
  has([first.id, second.id]);
  await bench.makeCluster(first.clusterName);
  watch();
  await vi.waitUntil(() => isReady(first.id), { timeout: 10_000 });
  expect(await bench.row(second.id)).toMatchObject({
    status: "provisioning",
    statusMessage: null,
    replicasReady: 0,
  });
  await bench.makeCluster(second.clusterName);
  await vi.waitUntil(() => isReady(second.id), { timeout: 15_000 });
  expect(await bench.row(first.id)).toMatchObject({ status: "ready", statusCode: null });
}, 40_000);

test("an existing cluster is watched once for all that are there", async () => {
  const shared = {
    mode: "existing",
    name: "shared",
    network: "n",
    podsRange: "10.0.0.0/8",
    morePodsRanges: [] as string[],
  } as const;
  const [first, second] = [
    await bench.deployment({ google: { cluster: shared } }),
    await bench.deployment({ google: { cluster: shared } }),
  ];
  has([first.id, second.id]);
  await bench.makeCluster("shared");
  watch();
  await vi.waitUntil(async () => (await isReady(first.id)) && isReady(second.id), { timeout: 10_000 });
  const asked = bench.google.requests().filter(({ path }) => path.endsWith("/clusters/shared"));
  expect(asked).toHaveLength(1);
});

test("a token that was over for the cluster is renewed, and nothing is said of it", async () => {
  const { id, clusterName } = await bench.deployment();
  has([id]);
  await bench.makeCluster(clusterName);
  bench.google.tokens.lifetimeSeconds = 1;
  watch();
  await vi.waitUntil(() => isReady(id), { timeout: 10_000 });
  const begun = Date.now();
  const said = new Set<string | null>();
  await vi.waitUntil(
    async () => {
      said.add((await bench.row(id)).statusCode);
      return Date.now() - begun > 3_000;
    },
    { timeout: 10_000 },
  );
  expect([...said]).toEqual([null]);
  // One that the cluster doesn't take, though it isn't over, is asked for anew at once.
  bench.google.tokens.lifetimeSeconds = 3600;
  const refused = new Set<string>();
  let isRefusing = true;
  bench.cluster.takes = (token) => {
    if (isRefusing && refused.size === 0) refused.add(token);
    return !refused.has(token) && bench.google.tokens.accountOf(token) !== null;
  };
  has([]);
  await vi.waitUntil(() => isReady(id, 0), { timeout: 10_000 });
  isRefusing = false;
  expect(refused.size).toBe(1);
}, 40_000);

test("a cluster that somebody deleted, and an account that may not ask any more, are said", async () => {
  const { id, clusterName } = await bench.deployment();
  has([id]);
  await bench.makeCluster(clusterName);
  watch();
  await vi.waitUntil(() => isReady(id), { timeout: 10_000 });
  await bench.removeCluster(clusterName);
  // The connection that is open leads nowhere then.
  bench.cluster.answers = () => ({ status: 503, body: {} });
  await vi.waitUntil(async () => (await bench.row(id)).statusMessage?.includes("somebody deleted it"), {
    timeout: 10_000,
  });
  expect(await bench.row(id)).toMatchObject({
    status: "degraded",
    statusCode: "objects_missing",
    replicasReady: 0,
  });
  bench.cluster.answers = () => null;
  bench.google.permissions.deny(owner, "container.clusters.get");
  await vi.waitUntil(async () => (await bench.row(id)).statusCode === "target_refused", { timeout: 10_000 });
  expect((await bench.row(id)).statusMessage).toContain("Give it the role");
  bench.google.permissions.restore(owner);
  await bench.makeCluster(clusterName);
  await vi.waitUntil(async () => (await bench.row(id)).statusCode === null, { timeout: 15_000 });
}, 60_000);

test("a key that isn't taken any more is said of what it was to look at", async () => {
  const { id } = await bench.deployment();
  // Its tokens are of another place than the one that is asked now.
  const ctx = { ...bench.ctx, googleEndpoint: "http://127.0.0.1:9" };
  loops.push(watchReplicas(ctx, { databaseUrl: bench.databaseUrl, timing: { everyMs: 10, staleMs: 50 } }));
  await vi.waitUntil(async () => (await bench.row(id)).statusCode === "target_refused", { timeout: 10_000 });
  expect((await bench.row(id)).statusMessage).toContain("Its token_uri isn't http://127.0.0.1:9/token");
}, 30_000);

test("replicas are counted when an operation ends, and rows of what was torn down go without its cluster", async () => {
  const { id, clusterName } = await bench.deployment();
  const path = `namespaces/${namespaceOf(id)}`;
  bench.cluster.answers = (_, { pathname }) =>
    pathname.includes(path)
      ? { status: 200, body: { items: pathname.endsWith("/pods") ? [podForTest(id, "pod-1")] : [] } }
      : null;
  has([id]);
  await countNow(bench.ctx, id);
  expect((await bench.row(id)).replicasReady).toBe(0);
  await bench.makeCluster(clusterName);
  await countNow(bench.ctx, id);
  expect((await bench.row(id)).replicasReady).toBe(1);
  watch();
  await vi.waitUntil(async () => (await bench.db.replica.count({ where: { deploymentId: id } })) === 1);
  await bench.removeCluster(clusterName);
  await bench.db.deployment.update({ where: { id }, data: { status: "destroyed" } });
  await vi.waitUntil(async () => (await bench.db.replica.count({ where: { deploymentId: id } })) === 0, {
    timeout: 10_000,
  });
}, 30_000);
