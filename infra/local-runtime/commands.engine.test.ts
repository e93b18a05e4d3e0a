import { existsSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
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
import { ask } from "#infra/local-runtime/haproxy/ask.ts";
import { isAlive, startTime } from "#infra/local-runtime/process-table.ts";
import { newId } from "#lib/ids.ts";
import { parseSealingKey, seal } from "#lib/secrets/seal.ts";

let h: Harness;
beforeAll(async () => (h = await harness()));
afterAll(() => h.close());

describe("the load balancer", () => {
  it("is started again when it is killed, with every server it had", async () => {
    const { id, key } = await makeDeployment(h.database, "ready");
    const { url } = await deploy(h.client(), id, { variants: { main: { scaling: { minReplicas: 2 } } } });
    const [master = 0] = await h.runtime.balancer.pids();
    process.kill(master, "SIGKILL");
    const headers = { authorization: `Bearer ${key}` };
    const replicas = new Set<unknown>();
    await until(async () => {
      const answer = await call(url, { headers }).catch(() => null);
      if (answer?.status === 200) replicas.add(answer.headers["x-sluice-replica"]);
      const [now] = await h.runtime.balancer.pids().catch(() => [master]);
      return now !== master && replicas.size === 2;
    });
    expect((await call(url)).status).toBe(401);
  });
});

describe("a command that made replicas ready", () => {
  it("has their rows say so when it ends", async () => {
    const { id } = await makeDeployment(h.database);
    await deploy(h.client(), id, { variants: { main: { scaling: { minReplicas: 2 } } } });
    const rows = await h.database.db.replica.findMany({ where: { deploymentId: id } });
    expect(rows.map(({ state }) => state)).toEqual(["ready", "ready"]);
  });
});

describe("several deployments at once", () => {
  it("all get their endpoint, pool and routes, whoever's reload comes first", async () => {
    const made = await Promise.all([1, 2, 3].map(() => makeDeployment(h.database)));
    const endpoints = await Promise.all(made.map(({ id }) => deploy(h.client(), id, { access: "open" })));
    expect(new Set(endpoints.map(({ port }) => port)).size).toBe(3);
    const answers = await Promise.all(endpoints.map(({ url }) => call(url)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  it("reloads for what was wanted while another's replica joined", async () => {
    const [a, b] = [await makeDeployment(h.database), await makeDeployment(h.database)];
    await deploy(h.client(), a.id, { access: "open" });
    const { port } = (await h.client().send("PUT", `/deployments/${b.id}/endpoint`, {
      port: null,
      access: "open",
    })) as { port: number };
    const { balancer, desired, folders } = h.runtime;
    const pool = { variant: "main", ...desired.get(a.id)?.variants.main?.pool } as never;
    const server = { ordinal: 7, socket: folders.replicaSocket(`${a.id}/main/7`), maxConnections: 1 };
    const joined = balancer.join(a.id, pool, server);
    desired.change(b.id, (state) => {
      state.routes = {
        rules: [{ pathPrefix: "/", variant: "main" }],
        weights: [],
        affinity: { by: "none" },
      };
      state.variants.main = {
        modelServer: null,
        wanted: 0,
        replicas: [],
        pool: { algorithm: "random", affinity: { by: "none" }, healthPath: "/" },
      };
    });
    await joined;
    await balancer.sync();
    // Its pool has no server, which takes until the queue's time is up: that it is there is what matters.
    expect((await balancer.stats())?.queued.has(`${b.id}.main`)).toBe(true);
    expect(port).toBeGreaterThan(0);
    await balancer.leave(a.id, "main", 7);
    await balancer.remove(a.id, "main", 7);
  });

  it("brings a server back that the load balancer lost", async () => {
    const { id } = await makeDeployment(h.database);
    const { url } = await deploy(h.client(), id, { access: "open" });
    const name = `${id}.main/r1`;
    await ask(h.runtime.folders.adminSocket, `set server ${name} state maint`);
    await until(async () =>
      (await ask(h.runtime.folders.adminSocket, `del server ${name}`)).includes("deleted"),
    );
    expect((await call(url)).status).toBe(503);
    await until(async () => (await call(url)).status === 200);
  });
});

describe("ports", () => {
  it("keeps the others going when one is lost while HAProxy restarts, and takes it back when it is free", async () => {
    const lost = await makeDeployment(h.database, "ready");
    const stays = await makeDeployment(h.database, "ready");
    const endpoint = await deploy(h.client(), lost.id, { access: "open" });
    const { url } = await deploy(h.client(), stays.id, { access: "open" });
    const thief = createServer((socket) => socket.end());
    const [master = 0, worker = 0] = await h.runtime.balancer.pids();
    process.kill(master, "SIGKILL");
    process.kill(worker, "SIGKILL");
    await until(
      () =>
        new Promise<boolean>((resolve) => {
          thief.once("error", () => resolve(false));
          thief.listen(endpoint.port, "127.0.0.1", () => resolve(true));
        }),
    );
    await until(async () => (await call(url).catch(() => null))?.status === 200);
    const row = await until(() =>
      h.database.db.deployment.findFirst({ where: { id: lost.id, status: "degraded" } }),
    );
    expect(row.statusMessage).toContain(`listens on port ${endpoint.port}`);
    await new Promise((resolve) => thief.close(resolve));
    await until(async () => (await call(endpoint.url).catch(() => null))?.status === 200);
    await until(() => h.database.db.deployment.findFirst({ where: { id: lost.id, status: "ready" } }));
  });

  it("refuses one that is gone by the time of the reload, and serves on meanwhile", async () => {
    const stays = await makeDeployment(h.database);
    const { url } = await deploy(h.client(), stays.id, { access: "open" });
    const { port, close } = await listenAfterLook();
    const { id } = await makeDeployment(h.database);
    h.runtime.desired.change(id, (state) => (state.endpoint = { port, access: "open" }));
    h.runtime.keys.ensure(id);
    await expect(h.runtime.balancer.sync()).rejects.toThrow(`taken port ${port}`);
    expect((await call(url)).status).toBe(200);
    h.runtime.desired.change(id, (state) => (state.endpoint = null));
    await h.runtime.balancer.sync();
    expect((await call(url)).status).toBe(200);
    close();
  });
});

async function listenAfterLook(): Promise<{ port: number; close(): void }> {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  return { port: (other.address() as { port: number }).port, close: () => void other.close() };
}

describe("commands", () => {
  it("refuses an older attempt, and ends its wait when a newer one comes", async () => {
    const { id } = await makeDeployment(h.database);
    const slow = deploy(h.client(5), id, { env: [{ name: "FIXTURE_UNHEALTHY", value: "1" }] });
    await until(() => h.runtime.supervisors().some((s) => s.deploymentId === id && s.replicas.length > 0));
    const sweep = h.client(6).send("DELETE", `/deployments/${id}`);
    expect(await failureOf(slow)).toMatchObject({ code: "stale_fence" });
    await sweep;
    const late = h.client(5).send("PUT", `/deployments/${id}/endpoint`, { port: null, access: "open" });
    expect(await failureOf(late)).toMatchObject({ code: "stale_fence" });
    expect(await h.client(6).send("GET", `/deployments/${id}`)).toEqual({
      processes: [],
      ports: [],
      files: [],
    });
  });

  it("says when a port is taken, by another program or another deployment", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as { port: number };
    const { id } = await makeDeployment(h.database);
    const put = (wanted: number | null) =>
      h.client().send("PUT", `/deployments/${id}/endpoint`, { port: wanted, access: "open" });
    const failure = await failureOf(put(port));
    expect(failure).toMatchObject({ code: "port_taken" });
    expect(failure.message).toContain(`port ${port}`);
    other.close();
    const neighbour = await makeDeployment(h.database);
    const endpoint = await deploy(h.client(), neighbour.id, { access: "open" });
    expect(await failureOf(put(endpoint.port))).toMatchObject({ code: "port_taken" });
    const own = (await put(null)) as { port: number };
    expect(own.port).not.toBe(endpoint.port);
    expect(await put(own.port)).toMatchObject({ port: own.port });
  });

  it("refuses what it can't read, by its place", async () => {
    const send = (where: string, body: unknown) => failureOf(h.client().send("PUT", where, body));
    expect((await send("/deployments/dep-x/endpoint", { port: "80", access: "open" })).message).toContain(
      "port",
    );
    expect((await send("/deployments/..%2Fdep/endpoint", {})).message).toContain("isn't a name");
    expect((await send("/deployments/dep-x/nothing", {})).message).toContain("There is no PUT");
  });

  it("says that a secret can't be read with this key", async () => {
    const { id } = await makeDeployment(h.database);
    const secretId = newId("sec");
    const sealed = seal(parseSealingKey(Buffer.alloc(32, 9).toString("base64")), id, "canary");
    await h.database.db.secret.create({ data: { id: secretId, deploymentId: id, name: "TOKEN", sealed } });
    const failure = await failureOf(deploy(h.client(), id, { env: [{ name: "TOKEN", secretId }] }));
    expect(failure).toMatchObject({ code: "secret_unreadable" });
    expect(failure.message).toContain("TOKEN");
  });

  it("ends processes that nobody knows when it sweeps", async () => {
    const { id } = await makeDeployment(h.database);
    const { url } = await deploy(h.client(), id, { access: "open" });
    const known = pidOf(await call(url));
    const socket = h.runtime.folders.replicaSocket(`${id}/main/9`);
    const { spawn } = await import("node:child_process");
    const stray = spawn(process.execPath, [path.join(import.meta.dirname, "fixtures/model-server.ts")], {
      env: { PATH: process.env.PATH, SLUICE_SOCKET: socket, SLUICE_REPLICA: `${id}/main/9` } as never,
      stdio: "ignore",
    });
    const since = await until(() => startTime(stray.pid ?? 0));
    await until(() => existsSync(socket));
    const inventory = (await h.client().send("GET", `/deployments/${id}`)) as {
      processes: { pid: number }[];
      files: string[];
    };
    expect(inventory.files).toContain(socket);
    expect(inventory.files).toContain(h.runtime.folders.replicaSocket(`${id}/main/1`));
    // One that is written down, but that no supervisor has, is ended like the others.
    h.runtime.desired.changeVariant(id, "left", (state) => {
      state.replicas = [
        {
          pid: stray.pid ?? 0,
          startTime: since,
          ordinal: 9,
          config: "",
          inPool: true,
          restarts: 0,
          startedAt: "",
        },
      ];
    });
    expect(inventory.processes.map(({ pid }) => pid).sort()).toEqual([known, stray.pid].sort());
    expect(await h.client().send("DELETE", `/deployments/${id}`)).toEqual({
      processes: [],
      ports: [],
      files: [],
    });
    expect(isAlive({ pid: stray.pid ?? 0, startTime: since })).toBe(false);
    expect(existsSync(socket)).toBe(false);
  });
});
