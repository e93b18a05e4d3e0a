import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { attendBench, type AttendBench } from "#e2e/cloud/attend/bench-for-test.ts";
import { attendClusters } from "#infra/clusters/attend-clusters.ts";
import { publish } from "#lib/changes/publish.ts";
import { googleSpecForTest } from "#lib/deployments/google-spec-for-test.ts";
import { labelsOf } from "#lib/targets/kubernetes/manifests/metadata.ts";
import { namespaceOf } from "#lib/targets/kubernetes/settings.ts";

// A private deployment's keys come to its own cluster in a Google project as to a registered cluster.

let bench: AttendBench;
const loops: { stop(): Promise<void> }[] = [];

beforeAll(async () => {
  bench = await attendBench();
});
afterEach(async () => {
  for (const loop of loops.splice(0)) await loop.stop();
});
afterAll(() => bench.close());

/** What a cluster has of a private deployment whose HAProxy waits for its keys. */
function answerWithNamespaceOf(id: string): { written(): number } {
  const place = `/api/v1/namespaces/${namespaceOf(id)}`;
  const secret = `PATCH ${place}/secrets/proxy-keys`;
  const labels = labelsOf({ deploymentId: id, namespace: "" });
  const answers: Record<string, object> = {
    [`GET ${place}`]: { metadata: { name: namespaceOf(id), labels } },
    [`GET ${place}/pods`]: { items: [] },
    [secret]: {},
  };
  bench.cluster.answers = (method, { pathname }) => {
    const body = answers[`${method} ${pathname}`];
    return body ? { status: 200, body } : null;
  };
  return { written: () => bench.cluster.asked.filter((line) => line === secret).length };
}

test("keys are brought as soon as the cluster is there, and a change of them at once, whatever a token's life", async () => {
  const { id, clusterName } = await bench.deployment({ status: "provisioning" });
  const { written } = answerWithNamespaceOf(id);
  bench.google.tokens.lifetimeSeconds = 1;
  loops.push(attendClusters(bench.ctx, { databaseUrl: bench.databaseUrl }));
  await vi.waitUntil(() => bench.google.requests().some(({ path }) => path.endsWith(clusterName)), {
    timeout: 10_000,
  });
  expect(written()).toBe(0);
  await bench.makeCluster(clusterName);
  await vi.waitUntil(() => written() === 1, { timeout: 15_000 });
  await bench.db.endpointKey.create({
    data: { id: "ekey-1", deploymentId: id, name: "one", hash: "0".repeat(64), prefix: "slp_0000" },
  });
  await publish(bench.db, { topic: "keys", deploymentId: id });
  await vi.waitUntil(() => written() === 2, { timeout: 10_000 });
}, 60_000);

test("keys go to the cluster that was chosen instead of one that couldn't be made", async () => {
  const { id, clusterName } = await bench.deployment({ status: "failed" });
  const { written } = answerWithNamespaceOf(id);
  await bench.makeCluster("shared");
  loops.push(attendClusters(bench.ctx, { databaseUrl: bench.databaseUrl }));
  await vi.waitUntil(() => bench.google.requests().some(({ path }) => path.endsWith(clusterName)), {
    timeout: 10_000,
  });
  expect(written()).toBe(0);
  const network = "projects/demo-proj/global/networks/n";
  const cluster = {
    mode: "existing",
    name: "shared",
    network,
    podsRange: "10.0.0.0/14",
    morePodsRanges: [] as string[],
  } as const;
  const revision = await bench.db.revision.findFirstOrThrow({ where: { deploymentId: id } });
  const spec = { ...(revision.spec as object), google: googleSpecForTest({ cluster }) };
  await bench.db.revision.update({ where: { id: revision.id }, data: { spec } });
  await vi.waitUntil(() => written() > 0, { timeout: 15_000 });
}, 60_000);
