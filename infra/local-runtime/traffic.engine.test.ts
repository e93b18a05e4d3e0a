import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  call,
  deploy,
  harness,
  makeDeployment,
  makeKey,
  until,
  type Harness,
} from "#infra/local-runtime/fixtures/harness.ts";
import { setDatabaseAway } from "#infra/local-runtime/fixtures/database-away.ts";
import { systemClock } from "#lib/clock.ts";
import type { Context } from "#lib/context.ts";
import { listLogLines } from "#lib/replicas/list-log-lines.ts";
import { listReplicas } from "#lib/replicas/list.ts";
import { getRequest, listRequests } from "#lib/traffic/list-requests.ts";
import { listSamples } from "#lib/traffic/list-samples.ts";
import { traffic } from "#lib/traffic/read.ts";

let h: Harness;
let owner: Context;
let stranger: Context;
let deployment: { id: string; key: string; ownerId: string };
let url: string;

beforeAll(async () => {
  h = await harness();
  deployment = await makeDeployment(h.database);
  const { db } = h.database;
  owner = { db, clock: systemClock, actor: { type: "user", id: deployment.ownerId, role: "member" } };
  stranger = { db, clock: systemClock, actor: { type: "user", id: "usr-nobody", role: "member" } };
  ({ url } = await deploy(h.client(), deployment.id, {
    variants: { main: { scaling: { minReplicas: 2 } } },
  }));
});
afterAll(() => h.close());

const counted = async () => (await traffic(h.database.db, [deployment.id], new Date())).get(deployment.id);

describe("what is said of the traffic", () => {
  it("counts exactly, keeps a sample, and shows it to the owner alone", async () => {
    const headers = { authorization: `Bearer ${deployment.key}` };
    const statuses = Array.from({ length: 500 }, (_, n) => (n % 71 === 7 ? 500 + (n % 3) : 200));
    expect(statuses.filter((status) => status >= 500)).toHaveLength(7);
    for (let at = 0; at < statuses.length; at += 50) {
      const wave = statuses
        .slice(at, at + 50)
        .map((status) => call(`${url}/status?code=${status}`, { headers }));
      await Promise.all(wave);
    }
    await until(async () => ((await counted())?.requests ?? 0) >= 500);
    const figures = await counted();
    expect(figures).toMatchObject({ requests: 500, errors: 7, errorRate: 7 / 500 });
    expect(figures?.sparkline.reduce((sum, rate) => sum + rate * 10, 0)).toBeCloseTo(500);

    const { id: deploymentId } = deployment;
    const requests = await listRequests(owner, { deploymentId, limit: 500 });
    expect(requests.filter(({ status }) => status >= 500)).toHaveLength(7);
    expect(requests.length).toBeLessThan(500);
    expect(await listRequests(stranger, { deploymentId })).toEqual([]);
    const samples = await listSamples(owner, { deploymentId });
    expect(samples.reduce((sum, { errors }) => sum + (errors ?? 0), 0)).toBe(7);
    expect(samples.find(({ requests: n }) => (n ?? 0) > 0)?.latencyP95Ms).toBeGreaterThan(0);
    expect(await listSamples(stranger, { deploymentId })).toEqual([]);
  });

  it("always keeps the portal's own requests, with the time split, and doesn't count them", async () => {
    const { id: deploymentId } = deployment;
    const before = await counted();
    await makeKey(h.database.db, deploymentId, "portal's own", "probe");
    const headers = { authorization: "Bearer portal's own" };
    const answer = await until(async () => {
      const got = await call(`${url}/slow?ms=80&secret=in-the-query`, { headers });
      return got.status === 200 && got;
    });
    expect(answer.headers["server-timing"]).toMatch(/^queue;dur=\d+, connect;dur=\d+, response;dur=\d{2,}$/);
    const requestId = String(answer.headers["x-request-id"]);
    const stored = await until(() => getRequest(owner, { deploymentId, requestId }).catch(() => null));
    expect(stored).toMatchObject({ method: "GET", path: "/slow", status: 200, variant: "main" });
    expect(stored.replicaId).toBe(answer.headers["x-sluice-replica"]);
    expect(stored.responseMs).toBeGreaterThanOrEqual(79);
    await expect(getRequest(stranger, { deploymentId, requestId })).rejects.toThrow("isn't yours");
    // Refusals before the key was known are traffic; the portal's request isn't.
    const after = await until(async () => {
      const now = await counted();
      const refused = (await listSamples(owner, { deploymentId })).filter(({ variant }) => variant === "");
      return now && { now, refused: refused.reduce((sum, { requests }) => sum + (requests ?? 0), 0) };
    });
    expect((after.now.requests ?? 0) - (before?.requests ?? 0)).toBe(after.refused);
  });

  it("writes replicas and their log", async () => {
    const { id: deploymentId } = deployment;
    const replicas = await until(async () => {
      const rows = await listReplicas(owner, { deploymentId });
      return rows.length === 2 && rows.every(({ state }) => state === "ready") && rows;
    });
    expect(replicas.map(({ id }) => id)).toEqual([`${deploymentId}/main/1`, `${deploymentId}/main/2`]);
    expect(replicas[0]?.pid).toBeGreaterThan(1);
    expect(await listReplicas(stranger, { deploymentId })).toEqual([]);
    const lines = await until(async () => {
      const found = await listLogLines(owner, { deploymentId });
      return found.length >= 2 && found;
    });
    expect(lines.map(({ line }) => line)).toContain(`fixture ${deploymentId}/main/2 starts`);
    const [first] = lines;
    const rest = await listLogLines(owner, { deploymentId, after: first?.id });
    expect(rest).toEqual(lines.slice(1));
    expect(await listLogLines(stranger, { deploymentId })).toEqual([]);
    const row = await h.database.db.deployment.findUniqueOrThrow({ where: { id: deploymentId } });
    expect(row).toMatchObject({ replicasDesired: 2, replicasReady: 2 });
  });

  it("misses nothing while the database is away, and serves on", async () => {
    const { id: deploymentId } = deployment;
    const headers = { authorization: `Bearer ${deployment.key}` };
    const before = (await counted())?.requests ?? 0;
    await setDatabaseAway(h.database.url, true);
    const answers = await Promise.all(Array.from({ length: 60 }, () => call(url, { headers })));
    const replica = h.runtime.supervisor(deploymentId, "main").replicas[0];
    process.kill(replica?.process?.pid ?? 0, "SIGKILL");
    await until(() => replica?.restarts === 1 && replica.state === "ready");
    await setDatabaseAway(h.database.url, false);
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 60 }, () => 200));
    await until(async () => ((await counted().catch(() => null))?.requests ?? 0) >= before + 60);
    expect((await counted())?.requests).toBe(before + 60);
    const restarted = await until(() =>
      h.database.db.replica.findFirst({ where: { deploymentId, restarts: 1, state: "ready" } }),
    );
    expect(restarted.pid).toBe(replica?.process?.pid);
  });
});
