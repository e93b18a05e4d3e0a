import { spawn } from "node:child_process";
import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { storyOf, workerBench, type Bench } from "#infra/worker/bench-for-test.ts";
import { processesOfDeployment } from "#infra/engine/processes-for-test.ts";
import { readEnv } from "#lib/env.ts";
import { destroyDeployment } from "#lib/deployments/destroy.ts";
import { cancel } from "#lib/operations/cancel.ts";
import { getOperation } from "#lib/operations/get-operation.ts";

// The real engine on a busy machine takes its time; what is tested is what happens, not how fast.
vi.setConfig({ testTimeout: 120_000 });

let bench: Bench;
beforeAll(async () => {
  bench = await workerBench();
  bench.start();
});
afterAll(() => bench.close());

const rowOf = (id: string) => bench.database.db.deployment.findUniqueOrThrow({ where: { id } });

test("cancelled in the middle: the wait ends, what exists is said, and a retry adopts it", async () => {
  const deployment = await bench.deployment();
  const pool = `/deployments/${deployment.id}/pools/main`;
  bench.runtime.behave.set(`PUT ${pool}`, "wait");
  const operation = await bench.enqueue(deployment, "deploy");
  const waiting = await bench.runtime.sawCall(pool);
  await cancel(bench.user, { operationId: operation });
  expect(await bench.ended(operation)).toBe("cancelled");
  expect(waiting.hungUp).toBe(true);
  expect(await storyOf(bench.user, operation)).toContain("cancelled cancelled");
  const row = await rowOf(deployment.id);
  expect(row).toMatchObject({ status: "failed", statusCode: "cancelled" });
  expect(row.statusMessage).toContain("Endpoint endpoint, Model server main, Pool main");
  await expect.poll(() => processesOfDeployment(deployment.id), { timeout: 10_000 }).toEqual([]);

  bench.runtime.behave.clear();
  expect(await bench.ended(await bench.enqueue(deployment, "deploy"))).toBe("succeeded");
  expect(await rowOf(deployment.id)).toMatchObject({ status: "ready" });
});

test("torn down while it deploys: it stops, then it is torn down", async () => {
  const deployment = await bench.deployment();
  const pool = `/deployments/${deployment.id}/pools/main`;
  bench.runtime.behave.set(`PUT ${pool}`, "wait");
  const deploy = await bench.enqueue(deployment, "deploy");
  await bench.runtime.sawCall(pool);
  const destroy = await destroyDeployment(bench.user, deployment.id);
  expect(await bench.ended(destroy.id)).toBe("succeeded");
  expect((await getOperation(bench.user, deploy)).status).toBe("cancelled");
  const row = await rowOf(deployment.id);
  expect(row).toMatchObject({ status: "destroyed", receipt: { remaining: [] } });
  expect([...bench.runtime.things.keys()].filter((path) => path.includes(deployment.id))).toEqual([]);
  bench.runtime.behave.clear();
});

test("a runner killed in the middle: interrupted, nothing of it runs on, a retry makes nothing twice", async () => {
  const deployment = await bench.deployment();
  const modelServer = `/deployments/${deployment.id}/model-servers/main`;
  bench.runtime.behave.set(`PUT ${modelServer}`, "wait");
  const operation = await bench.enqueue(deployment, "deploy");
  await bench.runtime.sawCall(modelServer);
  const { runnerPid } = await bench.database.db.operation.findUniqueOrThrow({ where: { id: operation } });
  process.kill(runnerPid ?? 0, "SIGKILL");
  expect(await bench.ended(operation)).toBe("interrupted");
  expect(processesOfDeployment(deployment.id)).toEqual([]);
  expect(await rowOf(deployment.id)).toMatchObject({ status: "failed", statusCode: "interrupted" });

  bench.runtime.behave.clear();
  const retry = await bench.enqueue(deployment, "deploy");
  expect(await bench.ended(retry)).toBe("succeeded");
  const things = [...bench.runtime.things.keys()].filter((path) => path.includes(deployment.id));
  expect(things.sort()).toEqual(
    ["endpoint", "model-servers/main", "pools/main", "routes"].map(
      (end) => `/deployments/${deployment.id}/${end}`,
    ),
  );
  const fences = bench.runtime.calls.filter(({ path }) => path === modelServer).map(({ fence }) => fence);
  expect(fences).toEqual([1, 2]);

  const destroy = await bench.enqueue(deployment, "destroy");
  expect(await bench.ended(destroy)).toBe("succeeded");
  const view = await rowOf(deployment.id);
  expect(view.receipt).toMatchObject({ remaining: [] });
});

test("two deployments work side by side, and one that ends badly doesn't touch the other", async () => {
  const [bad, good] = [await bench.deployment(), await bench.deployment()];
  bench.runtime.behave.set(`PUT /deployments/${bad.id}/model-servers`, "wait");
  const failing = await bench.enqueue(bad, "deploy");
  await bench.runtime.sawCall(`/deployments/${bad.id}/model-servers`);
  const succeeding = await bench.enqueue(good, "deploy");
  const { runnerPid } = await bench.database.db.operation.findUniqueOrThrow({ where: { id: failing } });
  process.kill(runnerPid ?? 0, "SIGKILL");
  expect(await bench.ended(succeeding)).toBe("succeeded");
  expect(await bench.ended(failing)).toBe("interrupted");
  bench.runtime.behave.clear();
});

/** A worker as `npm start` runs it: a process of its own. */
function workerProcess(): { pid: number; kill(): void } {
  const child = spawn(process.execPath, [path.resolve("infra/worker/main.ts")], {
    env: {
      PATH: process.env.PATH,
      NODE_ENV: "test",
      DATABASE_URL: bench.database.url,
      SLUICE_STATE_URL: bench.stateUrl,
      SLUICE_STATE_PORTAL_URL: bench.stateUrl,
      SLUICE_KEY: bench.ctx.sealingKey.bytes.toString("base64"),
      SLUICE_HOME: bench.ctx.home,
      SLUICE_CACHE: readEnv().SLUICE_CACHE,
      LOG_LEVEL: "error",
    },
    stdio: ["ignore", "inherit", "inherit"],
  });
  return { pid: child.pid ?? 0, kill: () => void child.kill("SIGKILL") };
}

test("a worker and its runner killed in the middle: another worker ends the operation truthfully, and goes on", async () => {
  await bench.stopWorkers();
  const doomed = workerProcess();
  const deployment = await bench.deployment();
  const modelServer = `/deployments/${deployment.id}/model-servers/main`;
  bench.runtime.behave.set(`PUT ${modelServer}`, "wait");
  const operation = await bench.enqueue(deployment, "deploy");
  await bench.runtime.sawCall(modelServer);
  const { runnerPid } = await bench.database.db.operation.findUniqueOrThrow({ where: { id: operation } });
  doomed.kill();
  process.kill(runnerPid ?? 0, "SIGKILL");

  bench.start();
  expect(await bench.ended(operation)).toBe("interrupted");
  expect(processesOfDeployment(deployment.id)).toEqual([]);
  expect((await getOperation(bench.user, operation)).errorMessage).toContain(
    "Retry: it goes on with what exists.",
  );

  bench.runtime.behave.clear();
  expect(await bench.ended(await bench.enqueue(deployment, "deploy"))).toBe("succeeded");
  expect(await bench.ended(await bench.enqueue(deployment, "destroy"))).toBe("succeeded");
  expect((await rowOf(deployment.id)).receipt).toMatchObject({ remaining: [] });
});

test("a worker that is told to stop interrupts what takes too long, and says so", async () => {
  const deployment = await bench.deployment();
  const modelServer = `/deployments/${deployment.id}/model-servers/main`;
  bench.runtime.behave.set(`PUT ${modelServer}`, "wait");
  const operation = await bench.enqueue(deployment, "deploy");
  await bench.runtime.sawCall(modelServer);
  await bench.stopWorkers();
  const view = await getOperation(bench.user, operation);
  expect(view.status).toBe("interrupted");
  expect(view.errorMessage).toContain("Sluice was stopped in the middle of it.");
  expect(processesOfDeployment(deployment.id)).toEqual([]);
  bench.runtime.behave.clear();
  bench.start();
});
