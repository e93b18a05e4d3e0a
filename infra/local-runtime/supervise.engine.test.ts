import { readFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  call,
  deploy,
  harness,
  makeDeployment,
  modelServer,
  until,
  type Answer,
  type Harness,
} from "#infra/local-runtime/fixtures/harness.ts";
import { testKey } from "#infra/local-runtime/fixtures/options-for-test.ts";
import { isAlive, startTime } from "#infra/local-runtime/process-table.ts";
import { newId } from "#lib/ids.ts";
import { parseSealingKey, seal } from "#lib/secrets/seal.ts";

let h: Harness;
beforeAll(async () => (h = await harness({ probeBound: 4_000, hungAfter: 1_500 })));
afterAll(() => h.close());

function refuses(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketPath, () => resolve(false));
    socket.on("connect", () => socket.destroy());
    socket.on("error", () => resolve(true));
  });
}

const pidOf = (answer: Answer) => (JSON.parse(answer.text) as { pid: number }).pid;
const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => {
      throw new Error("It should have failed.");
    },
    (error: { failure: { code: string; message: string; logLines: string[] } }) => error.failure,
  );

describe("replicas", () => {
  it("replaces one that is killed within two seconds, and says that it was", async () => {
    const { id } = await makeDeployment(h.database, "ready");
    const { url } = await deploy(h.client(), id, { access: "open" });
    const before = pidOf(await call(url));
    const since = performance.now();
    process.kill(before, "SIGKILL");
    const answer = await until(async () => {
      const got = await call(url).catch(() => null);
      return got?.status === 200 && got;
    });
    expect(performance.now() - since).toBeLessThan(2_000);
    expect(pidOf(answer)).not.toBe(before);
    const row = await until(() =>
      h.database.db.replica.findFirst({ where: { deploymentId: id, restarts: 1, state: "ready" } }),
    );
    expect(row.pid).toBe(pidOf(answer));
  });

  it("sends what a dead replica can't take to another at once", async () => {
    const { id } = await makeDeployment(h.database, "ready");
    const slowStart = [{ name: "FIXTURE_START_MS", value: "700" }];
    const { url } = await deploy(h.client(), id, {
      access: "open",
      env: slowStart,
      variants: { main: { scaling: { minReplicas: 2 } } },
    });
    const dies = h.runtime.supervisor(id, "main").replicas[0]?.process?.pid ?? 0;
    process.kill(dies, "SIGKILL");
    // What the dying process had accepted is lost, as anywhere: wait until the kernel has its socket back.
    await until(() => refuses(h.runtime.folders.replicaSocket(`${id}/main/1`)));
    const answers = await Promise.all(Array.from({ length: 30 }, () => call(url)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 30 }, () => 200));
    for (const { headers } of answers) expect(headers["server-timing"]).toMatch(/connect;dur=\d\b/);
  });

  it("starts one again that runs but doesn't answer its health check", async () => {
    const { id } = await makeDeployment(h.database, "ready");
    const { url } = await deploy(h.client(), id, { access: "open" });
    const before = pidOf(await call(url));
    await call(`${url}/hang`);
    const after = await until(async () => {
      const answer = await call(url);
      return answer.status === 200 && pidOf(answer) !== before && pidOf(answer);
    }, 15_000);
    expect(after).not.toBe(before);
  });

  it("is degraded while replicas are missing, and ready again after", async () => {
    const { id } = await makeDeployment(h.database, "ready");
    await deploy(h.client(), id, { access: "open", env: [{ name: "FIXTURE_START_MS", value: "2500" }] });
    const status = async () => (await h.database.db.deployment.findUniqueOrThrow({ where: { id } })).status;
    const replica = await until(() =>
      h.database.db.replica.findFirst({ where: { deploymentId: id, state: "ready" } }),
    );
    process.kill(replica.pid ?? 0, "SIGKILL");
    await until(async () => (await status()) === "degraded");
    const row = await h.database.db.deployment.findUniqueOrThrow({ where: { id } });
    expect(row.statusMessage).toBe("0 of 1 replicas of main are ready. They are being started again.");
    await until(async () => (await status()) === "ready");
  });

  it("says with the last log lines why one can't start, without a secret in them", async () => {
    const { id } = await makeDeployment(h.database);
    const secretId = newId("sec");
    const sealed = seal(parseSealingKey(testKey), id, "canary-5d41402a");
    await h.database.db.secret.create({
      data: { id: secretId, deploymentId: id, name: "FIXTURE_SECRET", sealed },
    });
    const failure = await failureOf(
      deploy(h.client(), id, {
        env: [
          { name: "FIXTURE_EXIT", value: "3" },
          { name: "FIXTURE_SECRET", secretId },
        ],
      }),
    );
    expect(failure.code).toBe("start_failed");
    expect(failure.message).toContain("ended with exit code 3 before it was healthy");
    expect(failure.logLines).toContain("fixture: nothing to serve, and the secret is •••");
    const lines = await until(async () => {
      const rows = await h.database.db.replicaLogLine.findMany({ where: { deploymentId: id } });
      return rows.length > 0 && rows.map(({ line }) => line).join("\n");
    });
    expect(lines).toContain("the secret is •••");
    expect(lines).not.toContain("canary-5d41402a");
    expect(readFileSync(h.runtime.desired.file(id), "utf8")).not.toContain("canary-5d41402a");
    await h.client().send("DELETE", `/deployments/${id}`);
  });

  it("says when one never gets healthy", async () => {
    const { id } = await makeDeployment(h.database);
    const failure = await failureOf(
      deploy(h.client(), id, { env: [{ name: "FIXTURE_UNHEALTHY", value: "1" }] }),
    );
    expect(failure).toMatchObject({ code: "probe_failed", logLines: [`fixture ${id}/main/1 starts`] });
    expect(await h.client().send("DELETE", `/deployments/${id}`)).toEqual({
      processes: [],
      ports: [],
      files: [],
    });
  });

  it("changes what a model server runs with without a refused request, and keeps the old on failure", async () => {
    const { id } = await makeDeployment(h.database);
    const { url } = await deploy(h.client(), id, {
      access: "open",
      env: [{ name: "GREETING", value: "one" }],
    });
    const statuses: number[] = [];
    let done = false;
    const load = (async () => {
      while (!done) statuses.push((await call(`${url}/slow?ms=5`)).status);
    })();
    const change = (env: { name: string; value: string }[]) =>
      h.client().send("PUT", `/deployments/${id}/model-servers/main`, modelServer({ env }));
    await change([{ name: "GREETING", value: "two" }]);
    expect(JSON.parse((await call(url)).text)).toMatchObject({ greeting: "two" });
    const failure = await failureOf(change([{ name: "FIXTURE_EXIT", value: "1" }]));
    expect(failure.code).toBe("start_failed");
    expect(JSON.parse((await call(url)).text)).toMatchObject({ greeting: "two" });
    done = true;
    await load;
    expect(statuses.length).toBeGreaterThan(10);
    expect(new Set(statuses)).toEqual(new Set([200]));
  });

  it("gets an environment built from a list", async () => {
    const { id } = await makeDeployment(h.database);
    const { url } = await deploy(h.client(), id, {
      access: "open",
      env: [{ name: "GREETING", value: "hi" }],
    });
    const seen = JSON.parse((await call(url)).text) as { environment: string[] };
    expect(seen.environment.sort()).toEqual(["GREETING", "PATH", "SLUICE_REPLICA", "SLUICE_SOCKET"]);
    const failure = await failureOf(
      h
        .client()
        .send(
          "PUT",
          `/deployments/${id}/model-servers/main`,
          modelServer({ env: [{ name: "NODE_OPTIONS", value: "--import data:text/javascript,0" }] }),
        ),
    );
    expect(failure).toMatchObject({ code: "start_failed" });
    expect(failure.message).toContain("NODE_OPTIONS");
  });
});

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
      return (await h.runtime.balancer.pids())[0] !== master && replicas.size === 2;
    });
    expect((await call(url)).status).toBe(401);
  });
});

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
    const socket = path.join(h.runtime.folders.sockets, "stray.s");
    const { spawn } = await import("node:child_process");
    const stray = spawn(process.execPath, [path.join(import.meta.dirname, "fixtures/model-server.ts")], {
      env: { PATH: process.env.PATH, SLUICE_SOCKET: socket, SLUICE_REPLICA: `${id}/main/9` } as never,
      stdio: "ignore",
    });
    const since = await until(() => startTime(stray.pid ?? 0));
    const inventory = (await h.client().send("GET", `/deployments/${id}`)) as {
      processes: { pid: number }[];
    };
    expect(inventory.processes.map(({ pid }) => pid).sort()).toEqual([known, stray.pid].sort());
    expect(await h.client().send("DELETE", `/deployments/${id}`)).toEqual({
      processes: [],
      ports: [],
      files: [],
    });
    expect(isAlive({ pid: stray.pid ?? 0, startTime: since })).toBe(false);
  });
});
