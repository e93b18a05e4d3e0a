import http from "node:http";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  call,
  deploy,
  harness,
  makeDeployment,
  makeKey,
  modelServer,
  pidOf,
  until,
  type Harness,
} from "#infra/local-runtime/fixtures/harness.ts";
import { setDatabaseAway } from "#infra/local-runtime/fixtures/database-away.ts";
import { ask } from "#infra/local-runtime/haproxy/ask.ts";
import { haproxyFiles } from "#infra/local-runtime/haproxy/process.ts";
import { publish } from "#lib/changes/publish.ts";

let h: Harness;
let scratch: string;
beforeAll(async () => {
  h = await harness({ scaleUpWindow: 600, scaleDownWindow: 1_500, statsEvery: 200 });
  scratch = mkdtempSync(path.join(tmpdir(), "sluice-balance-"));
});
afterAll(async () => {
  await h.close();
  rmSync(scratch, { recursive: true, force: true });
});

/** Sends requests until told to stop, on `clients` connections at a time, with a cookie jar each. */
function load(url: string, clients: number) {
  const answers: { status: number; replica: string; jar: number }[] = [];
  const failures: string[] = [];
  let stopped = false;
  const client = async (jar: number) => {
    const agent = new http.Agent({ keepAlive: jar % 2 === 0, maxSockets: 1 });
    let cookie = "";
    while (!stopped) {
      try {
        const answer = await call(`${url}/slow?ms=5`, { headers: cookie ? { cookie } : {}, agent });
        cookie = answer.headers["set-cookie"]?.[0]?.split(";")[0] ?? cookie;
        answers.push({ status: answer.status, replica: String(answer.headers["x-sluice-replica"]), jar });
      } catch (error) {
        failures.push(String(error));
      }
    }
    agent.destroy();
  };
  const running = Promise.all(Array.from({ length: clients }, (_, jar) => client(jar)));
  return {
    answers,
    failures,
    async stop() {
      stopped = true;
      await running;
    },
  };
}

const setReplicas = (id: string, minReplicas: number, variants = {}) =>
  h.client().send("PUT", `/deployments/${id}/model-servers/main`, {
    ...modelServer({ variants }),
    scaling: { minReplicas, maxReplicas: minReplicas, metric: "none", targetInFlight: 4 },
  });

describe("replicas come and go", () => {
  it("without a failed request, and everyone keeps to their replica while it is there", async () => {
    const { id } = await makeDeployment(h.database);
    const shape = { access: "open" as const, affinity: { by: "cookie" }, algorithm: "round-robin" };
    const { url } = await deploy(h.client(), id, {
      ...shape,
      variants: { main: { scaling: { minReplicas: 2 } } },
    });
    const clients = load(url, 12);
    await until(() => clients.answers.length > 100);
    const homes = new Map(clients.answers.map(({ jar, replica }) => [jar, replica]));
    await setReplicas(id, 3);
    const atThree = clients.answers.length;
    await until(() => clients.answers.length > atThree + 300);
    // Nobody was moved by the newcomer, and it gets its share of new clients, who then stay with it.
    for (const { jar, replica } of clients.answers.slice(atThree)) expect(replica).toBe(homes.get(jar));
    const newcomers = load(url, 9);
    await until(() => newcomers.answers.length > 200);
    await newcomers.stop();
    const third = newcomers.answers.filter(({ replica }) => replica === `${id}/main/3`);
    expect(new Set(third.map(({ jar }) => jar)).size).toBeGreaterThan(0);
    for (const { jar } of third) {
      expect(new Set(newcomers.answers.filter((a) => a.jar === jar).map((a) => a.replica)).size).toBe(1);
    }
    await setReplicas(id, 1);
    await until(() => h.runtime.supervisor(id, "main").replicas.length === 1);
    await clients.stop();
    expect([...clients.failures, ...newcomers.failures]).toEqual([]);
    expect(new Set([...clients.answers, ...newcomers.answers].map(({ status }) => status))).toEqual(
      new Set([200]),
    );
  });

  it("while a reload and a step up leave an open stream whole, and its events apart", async () => {
    const { id } = await makeDeployment(h.database);
    const { url } = await deploy(h.client(), id, { access: "open" });
    let pieces = 0;
    let events = 0;
    const stream = new Promise<void>((resolve, reject) => {
      http.get(`${url}/stream?events=60&every=50`, (response) => {
        response.setEncoding("utf8");
        response.on("data", (text: string) => {
          pieces++;
          events += text.match(/data: \d+/g)?.length ?? 0;
        });
        response.on("end", resolve);
        response.on("error", reject);
      });
    });
    await until(() => events > 5);
    const [before] = (await h.runtime.balancer.pids()).slice(1);
    const clients = load(url, 4);
    // Another deployment's endpoint needs a reload; the step up happens in the new worker.
    const other = await makeDeployment(h.database);
    await h.client().send("PUT", `/deployments/${other.id}/endpoint`, { port: null, access: "open" });
    await setReplicas(id, 2);
    expect((await h.runtime.balancer.pids())[1]).not.toBe(before);
    await stream;
    await clients.stop();
    expect(events).toBe(60);
    // Without `option http-no-delay` HAProxy holds events back and passes on several at once.
    expect(pieces).toBeGreaterThan(events / 2);
    expect(clients.failures).toEqual([]);
    expect(new Set(clients.answers.map(({ status }) => status))).toEqual(new Set([200]));
  });

  it("queues what a replica can't take yet instead of refusing it", async () => {
    const { id } = await makeDeployment(h.database);
    const { url } = await deploy(h.client(), id, {
      access: "open",
      variants: { main: { preset: "one-at-a-time" } },
    });
    const since = performance.now();
    const answers = await Promise.all(Array.from({ length: 8 }, () => call(`${url}/slow?ms=100`)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200));
    expect(performance.now() - since).toBeGreaterThan(790);
    const waits = answers.map(({ headers }) =>
      Number(/queue;dur=(\d+)/.exec(String(headers["server-timing"]))?.[1]),
    );
    expect(Math.max(...waits)).toBeGreaterThan(600);
  });

  it("says where the time went as far as a request got", async () => {
    const { id } = await makeDeployment(h.database);
    const { url } = await deploy(h.client(), id, { access: "open" });
    const pid = pidOf(await call(`${url}/who`));
    const cutOff = call(`${url}/slow?ms=60000`);
    await until(async () => {
      const servers = (await h.runtime.balancer.stats())?.servers.values() ?? [];
      return [...servers].some(({ backend, current }) => backend.startsWith(id) && current > 0);
    });
    process.kill(pid, "SIGKILL");
    const { status, headers } = await cutOff;
    expect(status).toBe(502);
    expect(headers["server-timing"]).toMatch(/^queue;dur=\d+, connect;dur=\d+$/);
  });

  it("scales up under load and down after it, and says why", async () => {
    const { id } = await makeDeployment(h.database);
    const scaling = { minReplicas: 1, maxReplicas: 3, metric: "inflight" as const, targetInFlight: 2 };
    const { url } = await deploy(h.client(), id, { access: "open", variants: { main: { scaling } } });
    let stopped = false;
    const failures: number[] = [];
    const clients = Array.from({ length: 6 }, async () => {
      while (!stopped) {
        const { status } = await call(`${url}/slow?ms=300`);
        if (status !== 200) failures.push(status);
      }
    });
    const replicas = () => h.runtime.supervisor(id, "main").replicas.length;
    await until(() => replicas() === 3);
    stopped = true;
    await Promise.all(clients);
    await until(() => replicas() === 1, 15_000);
    expect(failures).toEqual([]);
    const steps = await until(async () => {
      const rows = await h.database.db.scaleStep.findMany({
        where: { deploymentId: id },
        orderBy: { id: "asc" },
      });
      return rows.at(-1)?.to === 1 && rows;
    });
    expect(steps[0]?.from).toBe(1);
    expect(steps[0]?.reason).toMatch(
      /^1 → [23]: [\d.]+ requests in flight per replica, target 2, on average over 0.6 s\./,
    );
    expect(steps.at(-1)?.reason).toMatch(
      /→ 1: at most [\d.]+ requests in flight per replica, target 2, for 1.5 s\.$/,
    );
  });
});

describe("keys", () => {
  it("never reach a replica, a log or a file, and are revoked at once without a reload", async () => {
    const record = path.join(scratch, "received");
    const { id, key } = await makeDeployment(h.database);
    const { url } = await deploy(h.client(), id, { env: [{ name: "FIXTURE_RECORD", value: record }] });
    const keyId = (await h.database.db.endpointKey.findFirstOrThrow({ where: { deploymentId: id } })).id;
    const predict = (token?: string) =>
      call(`${url}/predict`, {
        method: "POST",
        body: "{}",
        headers: token ? { authorization: `Bearer ${token}` } : {},
      });

    const refused = await predict();
    expect(refused.status).toBe(401);
    expect(refused.headers["www-authenticate"]).toBe("Bearer");
    expect(refused.headers["server-timing"]).toBeUndefined();
    expect(refused.headers["content-type"]).toBe("application/problem+json");
    expect(JSON.parse(refused.text)).toMatchObject({ status: 401, code: "unauthenticated" });
    expect((await predict("wrong")).status).toBe(401);
    expect(existsSync(record)).toBe(false);

    const answer = await predict(key);
    expect(answer.status).toBe(200);
    const received = JSON.parse(readFileSync(record, "utf8").trim()) as string[];
    expect(received.map((word) => word.toLowerCase())).not.toContain("authorization");
    const given = received[received.findIndex((word) => word.toLowerCase() === "x-request-id") + 1];
    expect(given).toBe(answer.headers["x-request-id"]);

    // Nor does the portal's own session, which a browser sends to every port of its host.
    const session = "sluice-3000.session_token=s3cret; __Secure-sluice-443.session_data=s3cret";
    const cookies = async (cookie: string) => {
      const { text } = await call(url, { headers: { authorization: `Bearer ${key}`, cookie } });
      return (JSON.parse(text) as { headers: Record<string, string> }).headers.cookie;
    };
    expect(await cookies(session)).toBeUndefined();
    expect(await cookies(`a=1; ${session}; sluice-x7k2=b.1;b=2`)).toBe("a=1; sluice-x7k2=b.1;b=2");
    expect(await cookies("a=1; mysluice-1.x=2")).toBe("a=1; mysluice-1.x=2");

    const pids = await h.runtime.balancer.pids();
    await h.database.db.endpointKey.update({ where: { id: keyId }, data: { revokedAt: new Date() } });
    await publish(h.database.db, { topic: "keys", deploymentId: id });
    await until(async () => (await predict(key)).status === 401);
    await makeKey(h.database.db, id, "a second key");
    await until(async () => (await predict("a second key")).status === 200);
    expect(await h.runtime.balancer.pids()).toEqual(pids);

    const files = haproxyFiles(h.runtime.folders);
    for (const file of [
      files.config,
      files.output,
      files.requestLogs[3],
      files.requestLogs[4],
      h.runtime.folders.keys(id),
    ]) {
      const text = readFileSync(file, "utf8");
      expect(text).not.toContain(key);
      expect(text).not.toContain("a second key");
    }
  });

  it("are the owner's API keys too, until these expire or the owner is disabled", async () => {
    const { id, ownerId } = await makeDeployment(h.database);
    const { db } = h.database;
    const { url } = await deploy(h.client(), id);
    const { sha256 } = await import("#infra/local-runtime/fixtures/harness.ts");
    const apiKey = (name: string, expiresAt: Date | null) =>
      db.apiKey.create({
        data: { id: `key-${name}`, userId: ownerId, name, prefix: name, hash: sha256(name), expiresAt },
      });
    await apiKey("lasting", null);
    await apiKey("short", new Date(Date.now() + 4_000));
    const status = async (key: string) =>
      (await call(url, { headers: { authorization: `Bearer ${key}` } })).status;
    await until(async () => (await status("lasting")) === 200 && (await status("short")) === 200);
    await until(async () => (await status("short")) === 401);
    expect(await status("lasting")).toBe(200);
    await db.user.update({ where: { id: ownerId }, data: { disabledAt: new Date() } });
    await until(async () => (await status("lasting")) === 401);
  });
});

describe("keys that HAProxy holds", () => {
  it("are brought back whatever became of them, and stay while the database is away", async () => {
    const { id, key } = await makeDeployment(h.database);
    const { url } = await deploy(h.client(), id);
    const { runtime, database } = h;
    const map = runtime.folders.keys(id);
    const status = async () => (await call(url, { headers: { authorization: `Bearer ${key}` } })).status;
    expect(await status()).toBe(200);
    await ask(runtime.folders.adminSocket, `clear map ${map}`);
    await until(async () => (await status()) === 200);

    const before = readFileSync(map, "utf8");
    await setDatabaseAway(database.url, true);
    await ask(runtime.folders.adminSocket, `clear map ${map}`);
    await expect(runtime.keys.refresh([id], new Date())).rejects.toThrow();
    expect(readFileSync(map, "utf8")).toBe(before);
    await runtime.keys.restore([id]);
    expect(await status()).toBe(200);
    await setDatabaseAway(database.url, false);
    await until(() =>
      runtime.keys.refresh([id], new Date()).then(
        () => true,
        () => false,
      ),
    );
    expect(readFileSync(map, "utf8")).toBe(before);
    expect(await status()).toBe(200);
  });
});

describe("the request log", () => {
  it("goes over to its other file and empties the first without losing or doubling a line", async () => {
    const { id } = await makeDeployment(h.database);
    const { url } = await deploy(h.client(), id, { access: "open" });
    for (let n = 0; n < 5; n++) {
      await Promise.all(Array.from({ length: 20 }, () => call(url)));
      await h.runtime.balancer.switchLog();
    }
    const counted = async () => {
      const sum = await h.database.db.metricSample.aggregate({
        where: { deploymentId: id },
        _sum: { requests: true },
      });
      return (sum._sum.requests ?? 0) >= 100 && sum._sum.requests;
    };
    expect(await until(counted)).toBe(100);
  });
});
