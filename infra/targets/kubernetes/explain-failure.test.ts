import { expect, test } from "vitest";
import { EngineError } from "#infra/engine/driver.ts";
import type { ApiClient } from "#infra/kubernetes/api-client.ts";
import { explainFailure } from "#infra/targets/kubernetes/explain-failure.ts";
import { forms } from "#lib/targets/kubernetes/forms-for-test.ts";

const deploymentId = "dep-aaaaaaaaaaaa";
const { spec } = forms["open to all"]!;
const model = "kubernetes:apps/v1:Deployment::model-main";
const autoscaler = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler::model-main";
const labels = { "sluice/deployment": deploymentId, "sluice/variant": "main" };
const pod = (deletionTimestamp?: string) => ({
  metadata: { name: "model-main-1", labels, deletionTimestamp },
});

/** A pod that runs, and hasn't passed its startup probe yet. */
const starting = {
  ...pod(),
  status: { containerStatuses: [{ ready: false, state: { running: {} } }] },
};
const unhealthy = {
  reason: "Unhealthy",
  message: "Startup probe failed: 503",
  involvedObject: { name: "model-main-1" },
};
const refused = {
  metadata: { name: "model-main" },
  status: {
    conditions: [
      { type: "ReplicaFailure", status: "True", reason: "FailedCreate", message: "exceeded quota: pods" },
    ],
  },
};

/** What becomes of the engine's word, where the cluster has these. */
async function explained(failed: string[], lists: { pods?: object[]; deployments?: object[] }) {
  const request: ApiClient["request"] = async ({ path }) => {
    const kind = /\/(\w+)(?:\?|$)/.exec(path)?.[1] ?? "";
    return { items: { ...lists, events: [unhealthy] }[kind] ?? [] };
  };
  const api = { request, find: async () => null, close: () => undefined } as ApiClient;
  const error = new EngineError("engine_failed", "The engine's own word.");
  return (await explainFailure(api, { deploymentId, spec }, error, new Set(failed))).code;
}

test("why pods aren't ready is why their Deployment failed, and nothing else", async () => {
  expect(await explained([model], { pods: [starting] })).toBe("probe_failed");
  expect(await explained([autoscaler], { pods: [starting] })).toBe("engine_failed");
  expect(await explained([], { pods: [starting] })).toBe("engine_failed");
});

test("what may pass by itself isn't why it failed", async () => {
  expect(await explained([model], { deployments: [refused] })).toBe("pod_refused");
  const leaving = pod("2026-11-22T10:00:00Z");
  expect(await explained([model], { deployments: [refused], pods: [leaving] })).toBe("engine_failed");
});
