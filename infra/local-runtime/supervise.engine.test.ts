import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  call,
  deploy,
  failureOf,
  harness,
  makeDeployment,
  modelServer,
  pidOf,
  until,
  type Harness,
} from "#infra/local-runtime/fixtures/harness.ts";
import { testKey } from "#infra/local-runtime/fixtures/options-for-test.ts";
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

describe("replicas", () => {
  it("replaces one that is killed, and says that it was", async () => {
    const { id } = await makeDeployment(h.database, "ready");
    const { url } = await deploy(h.client(), id, { access: "open" });
    const before = pidOf(await call(url));
    process.kill(before, "SIGKILL");
    const answer = await until(async () => {
      const got = await call(url).catch(() => null);
      return got?.status === 200 && got;
    });
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
    expect(failure.logLines).toContain("fixture: nothing to serve, and the secret is [secret]");
    const lines = await until(async () => {
      const rows = await h.database.db.replicaLogLine.findMany({ where: { deploymentId: id } });
      return rows.length > 0 && rows.map(({ line }) => line).join("\n");
    });
    expect(lines).toContain("the secret is [secret]");
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
