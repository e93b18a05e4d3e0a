import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { RuntimeFailure } from "#infra/local-runtime/protocol.ts";
import { storyOf, workerBench, type Bench } from "#infra/worker/bench-for-test.ts";
import { retryDeployment } from "#lib/deployments/retry.ts";
import { getOperation } from "#lib/operations/get-operation.ts";
import { listEvents } from "#lib/operations/list-events.ts";
import type { Receipt } from "#lib/deployments/view.ts";

// The real engine on a busy machine takes its time; what is tested is what happens, not how fast.
vi.setConfig({ testTimeout: 120_000 });

let bench: Bench;
beforeAll(async () => {
  bench = await workerBench();
  bench.start();
});
afterAll(() => bench.close());

const rowOf = (id: string) => bench.database.db.deployment.findUniqueOrThrow({ where: { id } });

test("a deployment is made, answers, is changed, and is torn down with a receipt", async () => {
  const { db } = bench.database;
  const deployment = await bench.deployment();
  const deploy = await bench.enqueue(deployment, "deploy");
  expect(await bench.ended(deploy)).toBe("succeeded");
  expect(await storyOf(bench.user, deploy)).toEqual([
    "queued…",
    "queued done",
    "planning…",
    "planning done",
    "creating…",
    "starting…",
    "creating done",
    "starting done",
    "health…",
    "health done",
    "first_answer…",
    "first_answer done",
    "succeeded",
  ]);
  const said = (await listEvents(bench.user, { operationId: deploy })).flatMap((event) =>
    event.kind === "log" && event.source === "engine" ? [event.text] : [],
  );
  expect(said).toContainEqual(expect.stringMatching(/^ \+ {2}sluice:local:Pool main created \([\d.]+s\)$/));
  expect(said).toContainEqual(expect.stringMatching(/^Duration: /));
  const ready = await rowOf(deployment.id);
  expect(ready).toMatchObject({ status: "ready", statusCode: null, endpoint: { url: bench.endpoint.url } });
  expect(ready.readyAt).not.toBeNull();
  expect(bench.endpoint.asked.map(({ path }) => path)).toEqual(["/healthz", "/predict"]);

  const revisionId = await bench.revise(deployment.id, {
    routing: { layer: 7, rules: [], algorithm: "round-robin", affinity: { by: "none" } },
  });
  const update = await bench.enqueue({ ...deployment, revisionId }, "update");
  expect(await bench.ended(update)).toBe("succeeded");
  const planned = (await listEvents(bench.user, { operationId: update })).find((e) => e.kind === "planned");
  expect(planned?.resources.map(({ change }) => change)).toEqual(["same", "same", "update", "same"]);

  const exports = () => db.stackExport.count({ where: { operation: { deploymentId: deployment.id } } });
  await expect.poll(exports, { timeout: 20_000 }).toBe(2);
  await expect.poll(bench.stateRows, { timeout: 20_000 }).not.toContain(".pulumi/history");

  const destroy = await bench.enqueue({ ...deployment, revisionId }, "destroy");
  expect(await bench.ended(destroy)).toBe("succeeded");
  expect(await storyOf(bench.user, destroy)).toEqual([
    "queued…",
    "queued done",
    "planning…",
    "planning done",
    "deleting…",
    "deleting done",
    "checking…",
    "checking done",
    "succeeded",
  ]);
  const gone = await rowOf(deployment.id);
  expect(gone).toMatchObject({ status: "destroyed", endpoint: null, stackSecrets: null });
  const receipt = gone.receipt as Receipt;
  const names = (lines: Receipt["created"]) =>
    lines.map(({ type, name }) => `${type.split(":").at(-1)} ${name}`).sort();
  expect(names(receipt.created)).toEqual([
    "Endpoint endpoint",
    "ModelServer main",
    "Pool main",
    "Routes routes",
  ]);
  expect(names(receipt.deleted)).toEqual(names(receipt.created));
  expect(receipt.remaining).toEqual([]);
  expect([...bench.runtime.things.keys()].filter((path) => path.includes(deployment.id))).toEqual([]);
  expect(await exports()).toBe(0);
});

test("what a replica fails with reaches the person: code, sentence, its last log lines, and what exists", async () => {
  const deployment = await bench.deployment();
  bench.runtime.behave.set(`PUT /deployments/${deployment.id}/pools/main`, {
    code: "probe_failed",
    message: "No replica of main got healthy within 30 s.",
    logLines: ["Error: no such model", "    at load"],
  });
  const operation = await bench.enqueue(deployment, "deploy");
  expect(await bench.ended(operation)).toBe("failed");
  const view = await getOperation(bench.user, operation);
  expect(view).toMatchObject({
    errorCode: "probe_failed",
    errorMessage:
      "No replica of main got healthy within 30 s. This exists and is used by a retry, or goes with a tear-down: Endpoint endpoint, Model server main, Pool main.",
  });
  expect(await rowOf(deployment.id)).toMatchObject({ status: "failed", statusCode: "probe_failed" });
  const events = await listEvents(bench.user, { operationId: operation });
  const logs = events.flatMap((event) => (event.kind === "log" ? [event.text] : []));
  expect(logs).toContain("Error: no such model\n    at load");
  expect(logs.join("\n")).not.toContain("sluice-failure");
  expect(await storyOf(bench.user, operation)).toContain("health failed");

  bench.runtime.behave.clear();
  const retry = await bench.enqueue(deployment, "deploy");
  expect(await bench.ended(retry)).toBe("succeeded");
  expect(await rowOf(deployment.id)).toMatchObject({
    status: "ready",
    statusCode: null,
    statusMessage: null,
  });
});

test("what the engine failed to make isn't said to exist", async () => {
  const deployment = await bench.deployment();
  const taken: RuntimeFailure = { code: "port_taken", message: "Port 8000 is taken.", logLines: [] };
  bench.runtime.behave.set(`PUT /deployments/${deployment.id}/endpoint`, taken);
  const operation = await bench.enqueue(deployment, "deploy");
  expect(await bench.ended(operation)).toBe("failed");
  const { errorMessage } = await getOperation(bench.user, operation);
  expect(errorMessage).toMatch(/^Port 8000 is taken\. /);
  expect(errorMessage).not.toContain("Endpoint endpoint");
  bench.runtime.behave.clear();
});

test("a spec as the first version stored it is deployed, retried and torn down", async () => {
  const deployment = await bench.deployment();
  const spec = {
    version: 1,
    target: "local",
    variants: [
      {
        name: "main",
        model: { preset: "sentiment" },
        scaling: { minReplicas: 1, maxReplicas: 1, metric: "none", targetInFlight: 4 },
        weight: 100,
        healthPath: "/healthz",
      },
    ],
    routing: { rules: [], algorithm: "least-connections", affinity: { by: "none" } },
    endpoint: { port: null, access: "private" },
    env: [],
    ttlMinutes: null,
  };
  await bench.database.db.revision.update({ where: { id: deployment.revisionId }, data: { spec } });
  bench.endpoint.statuses.set("/predict", 500);
  expect(await bench.ended(await bench.enqueue(deployment, "deploy"))).toBe("failed");
  bench.endpoint.statuses.clear();
  const retry = await retryDeployment(bench.user, deployment.id);
  expect(await bench.ended(retry.id)).toBe("succeeded");
  expect(await bench.ended(await bench.enqueue(deployment, "destroy"))).toBe("succeeded");
});

test("a failed update leaves a deployment that still answers degraded, and one that doesn't failed", async () => {
  const deployment = await bench.deployment();
  expect(await bench.ended(await bench.enqueue(deployment, "deploy"))).toBe("succeeded");
  const fail: RuntimeFailure = { code: "start_failed", message: "The replica ended at once.", logLines: [] };
  const scaling = { minReplicas: 2, maxReplicas: 2, metric: "none", targetInFlight: 4 } as const;
  const main = {
    name: "main",
    model: { preset: "sentiment" },
    weight: 100,
    healthPath: "/healthz",
    scaling,
  } as const;
  const revisionId = await bench.revise(deployment.id, { variants: [main] });
  bench.runtime.behave.set(`PUT /deployments/${deployment.id}/model-servers/main`, fail);
  expect(await bench.ended(await bench.enqueue({ ...deployment, revisionId }, "update"))).toBe("failed");
  expect(await rowOf(deployment.id)).toMatchObject({ status: "degraded", statusCode: "start_failed" });

  bench.endpoint.statuses.set("/healthz", 502);
  expect(await bench.ended(await bench.enqueue({ ...deployment, revisionId }, "update"))).toBe("failed");
  expect(await rowOf(deployment.id)).toMatchObject({ status: "failed", statusCode: "start_failed" });
  bench.endpoint.statuses.clear();
  bench.runtime.behave.clear();
});

test("an endpoint that answers wrongly isn't ready", async () => {
  bench.endpoint.statuses.set("/predict", 500);
  const deployment = await bench.deployment();
  const operation = await bench.enqueue(deployment, "deploy");
  expect(await bench.ended(operation)).toBe("failed");
  const view = await getOperation(bench.user, operation);
  expect(view.errorCode).toBe("endpoint_failed");
  expect(view.errorMessage).toContain("POST /predict: 500");
  bench.endpoint.statuses.clear();
});

test("leftovers are named, and the deployment isn't called destroyed", async () => {
  const deployment = await bench.deployment();
  expect(await bench.ended(await bench.enqueue(deployment, "deploy"))).toBe("succeeded");
  bench.runtime.leftovers = { processes: [{ pid: 4242, what: "replica main/0" }], ports: [], files: [] };
  const destroy = await bench.enqueue(deployment, "destroy");
  expect(await bench.ended(destroy)).toBe("failed");
  const row = await rowOf(deployment.id);
  expect(row).toMatchObject({ status: "failed", statusCode: "leftovers" });
  expect((row.receipt as Receipt).remaining).toEqual([{ kind: "process", what: "4242 (replica main/0)" }]);

  bench.runtime.leftovers = { processes: [], ports: [], files: [] };
  expect(await bench.ended(await bench.enqueue(deployment, "destroy"))).toBe("succeeded");
  expect(await rowOf(deployment.id)).toMatchObject({ status: "destroyed" });
});
