import { expect, test } from "vitest";
import {
  autoscalerForTest,
  deploymentForTest,
  podForTest,
  running,
} from "#infra/clusters/replicas/pods-for-test.ts";
import { snapshotOf } from "#infra/clusters/replicas/snapshot-of.ts";
import { troubleOf } from "#infra/targets/kubernetes/troubles.ts";

const id = "dep-a";
const row = { id, variants: [{ name: "main", least: 2 }], replicas: [] };
const see = (objects: Partial<Parameters<typeof snapshotOf>[1]>) =>
  snapshotOf(row, { pods: [], deployments: [deploymentForTest(id, 2)], autoscalers: [], ...objects }, (pod) =>
    troubleOf(pod, []),
  );
const unpulled = running({
  started: false,
  state: { waiting: { reason: "ImagePullBackOff" } },
} as Parameters<typeof running>[0]);

test("two pods are two replicas, each with its name and node", () => {
  const seen = see({ pods: [podForTest(id, "p-b"), podForTest(id, "p-a")] });
  expect(seen).toMatchObject({ desired: 2, ready: 2, shortage: null });
  expect(seen.replicas.map((one) => [one.id, one.pod, one.node, one.state])).toEqual([
    ["dep-a/main/1", "p-a", "node-1", "ready"],
    ["dep-a/main/2", "p-b", "node-1", "ready"],
  ]);
  expect(seen.replicas[0]).toMatchObject({ pid: null, inFlight: null, restarts: 0 });
});

test("too few that are ready are a shortage, with what the pod itself says", () => {
  const seen = see({
    pods: [podForTest(id, "p-a"), podForTest(id, "p-b", { ready: false, container: unpulled })],
  });
  expect(seen.shortage?.code).toBe("image_pull");
  expect(seen.shortage?.message).toMatch(
    /^1 of 2 replicas of main are ready\. The image registry\.example\/m:1/,
  );
  expect(seen.replicas[1]).toMatchObject({
    state: "starting",
    message: expect.stringContaining("can't be pulled"),
  });
});

test("one beyond the least that isn't ready is no shortage; one that drains is no trouble", () => {
  const drains = podForTest(id, "p-d", {
    ready: false,
    metadata: { deletionTimestamp: "2026-11-22T10:01:00Z" },
  });
  const pods = [
    podForTest(id, "p-a"),
    podForTest(id, "p-b"),
    podForTest(id, "p-c", { ready: false }),
    drains,
  ];
  const seen = see({ pods, autoscalers: [autoscalerForTest(id, { desiredReplicas: 3 })] });
  expect(seen).toMatchObject({ desired: 3, ready: 2, shortage: null });
  expect(seen.replicas.map(({ state }) => state)).toEqual(["ready", "ready", "unhealthy", "draining"]);
});

test("too few because the cluster makes no pods are a shortage, with what it says", () => {
  const message = 'pods "model-main-1" is forbidden: exceeded quota: q, requested: cpu=1, used: cpu=1';
  const conditions = [{ type: "ReplicaFailure", status: "True", reason: "FailedCreate", message }];
  const seen = see({
    pods: [podForTest(id, "p-a")],
    deployments: [{ ...deploymentForTest(id, 2), status: { conditions } }],
  });
  expect(seen.shortage).toEqual({
    code: "pod_refused",
    message: expect.stringMatching(/^1 of 2 replicas of main are ready\. .* quota .* used up/) as string,
  });
});

test("a Deployment that somebody deleted is named", () => {
  const seen = see({ deployments: [] });
  expect(seen).toMatchObject({ desired: 0, ready: 0, replicas: [] });
  expect(seen.shortage?.message).toMatch(/0 of 2 replicas.*The Deployment model-main isn't in the cluster/);
});
