import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import {
  call,
  deploy,
  failureOf,
  harness,
  makeDeployment,
  pidOf,
  until,
  type Harness,
} from "#infra/local-runtime/fixtures/harness.ts";
import { processesOf, replicaProcesses, startTime } from "#infra/local-runtime/process-table.ts";

let h: Harness;
beforeAll(async () => (h = await harness({ drain: 300 })));
afterAll(() => h.close());

describe("a load balancer that gives no answer", () => {
  it("doesn't keep a replica from ending, nor a tear-down from being repeated", async () => {
    const { id } = await makeDeployment(h.database);
    const { url } = await deploy(h.client(), id, { access: "open" });
    const pid = pidOf(await call(url));
    // Routes still lead there: the pool stays, and so do its replicas.
    expect(await failureOf(h.client().send("DELETE", `/deployments/${id}/pools/main`))).toMatchObject({
      code: "load_balancer_failed",
    });
    await until(async () => (await call(url)).status === 200);
    await h.client().send("DELETE", `/deployments/${id}/routes`);
    const stats = vi.spyOn(h.runtime.balancer, "stats").mockRejectedValue(new Error("no answer"));
    const leave = vi.spyOn(h.runtime.balancer, "leave").mockRejectedValue(new Error("no answer"));
    await h.client().send("DELETE", `/deployments/${id}/pools/main`);
    await h.client().send("DELETE", `/deployments/${id}/model-servers/main`);
    expect(startTime(pid)).toBeNull();
    stats.mockRestore();
    leave.mockRestore();
    const nothing = { processes: [], ports: [], files: [] };
    expect(await h.client().send("DELETE", `/deployments/${id}`)).toEqual(nothing);
  });

  it("isn't taken for one that listens on nothing", async () => {
    const { id } = await makeDeployment(h.database);
    await deploy(h.client(), id, { access: "open" });
    const pids = vi.spyOn(h.runtime.balancer, "pids").mockRejectedValue(new Error("no answer"));
    await expect(h.client().send("GET", `/deployments/${id}`)).rejects.toThrow();
    pids.mockRestore();
    await h.client().send("DELETE", `/deployments/${id}`);
  });
});

it("finds processes by their program too, not by their arguments alone", () => {
  const words = process.argv.slice(1, 2);
  expect(processesOf("node", words).map(({ pid }) => pid)).toContain(process.pid);
  expect(processesOf("haproxy", words)).toEqual([]);
});

it("starts nothing any more once it stops", async () => {
  const other = await harness();
  const { id } = await makeDeployment(other.database, "ready");
  await deploy(other.client(), id, { variants: { main: { scaling: { minReplicas: 2 } } } });
  const ours = () => replicaProcesses().filter(({ replica }) => replica.startsWith(`${id}/`));
  expect(ours()).toHaveLength(2);
  const supervisor = other.runtime.supervisor(id, "main");
  const closed = other.close();
  other.runtime.desired.changeVariant(id, "main", (state) => (state.wanted = 4));
  supervisor.reconcile();
  expect(supervisor.replicas).toHaveLength(2);
  await closed;
  supervisor.reconcile();
  expect(supervisor.replicas).toEqual([]);
  await until(() => ours().length === 0);
});
