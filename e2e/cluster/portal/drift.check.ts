import { expect, test } from "vitest";
import { OnCluster } from "#e2e/cluster/portal/on-cluster.ts";
import { waitUntil } from "#e2e/cluster/wait-until.ts";
import type { DriftView } from "#lib/deployments/drift.ts";
import type { PreviewJobResult } from "#lib/deployments/preview-job.ts";
import type { OperationView } from "#lib/deployments/view.ts";
import type { JobView } from "#lib/jobs/read-job.ts";
import { namespaceOf } from "#lib/targets/kubernetes/settings.ts";

test("a preview says what a change will do; what is changed or deleted by hand is found and put right", async () => {
  await using on = new OnCluster();
  const made = await on.deploy({
    model: { preset: "sentiment" },
    scaling: { minReplicas: 1, maxReplicas: 2, metric: "cpu" },
    resources: { cpu: "200m", memory: "256Mi" },
    env: [{ name: "TOKEN", secret: "as-declared" }],
  });
  const inNamespace = (group: string, rest: string) => `${group}/namespaces/${namespaceOf(made.id)}/${rest}`;

  const preview = async (change: object): Promise<Record<string, string>> => {
    const asked = await on.api.send<JobView>("POST", "/previews", { deployment: made.id, ...change });
    expect(asked.status).toBe(202);
    const { status, result, message } = await waitUntil(
      "the engine's preview",
      async () => {
        const { body } = await on.api.send<JobView>("GET", `/jobs/${asked.body.id}`);
        return body.finishedAt !== null && body;
      },
      90_000,
    );
    expect({ status, message }).toEqual({ status: "done", message: null });
    const { changes } = result as PreviewJobResult;
    return Object.fromEntries(
      changes.map(({ type, name, change: what }) => [`${type.split(":").at(-1)} ${name}`, what]),
    );
  };
  const same = await preview({ scaling: { minReplicas: 1, maxReplicas: 2, metric: "cpu" } });
  expect(new Set(Object.values(same))).toEqual(new Set(["same"]));
  const more = await preview({ scaling: { minReplicas: 1, maxReplicas: 3, metric: "cpu" } });
  expect(Object.entries(more).filter(([, what]) => what !== "same")).toEqual(
    expect.arrayContaining([["HorizontalPodAutoscaler model-main", "update"]]),
  );

  const looked = async (): Promise<DriftView> => {
    const asked = await on.api.send<DriftView>("POST", `/deployments/${made.id}/drift`);
    expect(asked.status).toBe(202);
    return waitUntil(
      "the look at the cluster",
      async () => {
        const { body } = await on.api.send<DriftView>("GET", `/deployments/${made.id}/drift`);
        return !body.checking && body;
      },
      90_000,
    );
  };
  // What the API server filled in and the autoscaler wrote isn't drift.
  expect(await looked()).toMatchObject({ items: [], trouble: null });

  await on.request(inNamespace("/api/v1", "services/model-main"), { method: "DELETE" });
  const patch = (path: string, body: object) =>
    on.request(path, { method: "PATCH", body, contentType: "application/merge-patch+json" });
  await patch(inNamespace("/apis/policy/v1", "poddisruptionbudgets/model-main"), {
    spec: { maxUnavailable: 3 },
  });
  const byHand = Buffer.from("by-hand").toString("base64");
  await patch(inNamespace("/api/v1", "secrets/env"), { data: { TOKEN: byHand } });
  const { items } = await looked();
  expect(
    Object.fromEntries(items.map(({ type, name, what }) => [`${type.split(":").at(-1)} ${name}`, what])),
  ).toEqual({
    "Service model-main": "It was deleted.",
    "PodDisruptionBudget model-main": "spec.maxUnavailable is 3 instead of 1.",
    "Secret env": "another value of TOKEN.",
  });

  const repair = await on.api.send<OperationView>("POST", `/deployments/${made.id}/repair`);
  expect(repair.status).toBe(202);
  const repaired = await on.api.until(
    made.id,
    (d) => d.operation.id === repair.body.id && d.operation.finishedAt !== null,
    180,
  );
  expect(repaired.operation).toMatchObject({ status: "succeeded", errorMessage: null });
  expect(await looked()).toMatchObject({ items: [], trouble: null });
  expect((await on.call(made)).status).toBe(200);
});
