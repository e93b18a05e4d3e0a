import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { once } from "node:events";
import type { ChildProcess } from "node:child_process";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  call,
  deploy,
  makeDeployment,
  makeKey,
  pidOf,
  startRuntimeProcess,
  until,
} from "#infra/local-runtime/fixtures/harness.ts";
import { testKey } from "#infra/local-runtime/fixtures/options-for-test.ts";
import { newId } from "#lib/ids.ts";
import { parseSealingKey, seal } from "#lib/secrets/seal.ts";
import { replicaProcesses, startTime } from "#infra/local-runtime/process-table.ts";
import { runtimeClient, type RuntimeClient } from "#infra/local-runtime/provider/runtime-client.ts";
import { runtimeSocketPath } from "#infra/local-runtime/socket-path.ts";
import { testDatabase, type TestDatabase } from "#prisma/test-database.ts";

let database: TestDatabase;
let home: string;
let runtime: ChildProcess;
let client: RuntimeClient;

beforeEach(async () => {
  database = await testDatabase();
  home = mkdtempSync(path.join(tmpdir(), "sluice-adopt-"));
  client = runtimeClient({ socketPath: runtimeSocketPath(home), fence: 1, patienceMs: 10_000 });
  runtime = await startRuntimeProcess(home, database.url);
});
afterEach(async () => {
  // One that a test killed left its replicas running: the next takes them over, and stops them.
  const over = runtime.exitCode ?? runtime.signalCode;
  if (over !== null) runtime = await startRuntimeProcess(home, database.url);
  await end("SIGTERM");
  await database.drop();
  rmSync(home, { recursive: true, force: true });
});

async function end(signal: NodeJS.Signals): Promise<void> {
  const over = once(runtime, "exit");
  runtime.kill(signal);
  await over;
}

const ours = () => replicaProcesses().filter(({ socket }) => socket.startsWith(home));

describe("a runtime that ends and comes back", () => {
  it("killed: finds the same replicas and load balancer, which served on, and what died meanwhile", async () => {
    const { id } = await makeDeployment(database, "ready");
    const { url } = await deploy(client, id, {
      access: "open",
      algorithm: "round-robin",
      variants: { main: { scaling: { minReplicas: 2 } } },
    });
    const before = ours().map(({ pid }) => pid);
    expect(before).toHaveLength(2);
    await end("SIGKILL");
    const [dies = 0, stays = 0] = before;
    process.kill(dies, "SIGKILL");
    await until(() => startTime(dies) === null);
    const served = await until(async () => {
      const answer = await call(url);
      return answer.status === 200 && answer;
    });
    expect(pidOf(served)).toBe(stays);

    runtime = await startRuntimeProcess(home, database.url);
    const after = await until(() => {
      const pids = ours().map(({ pid }) => pid);
      return pids.length === 2 && pids;
    });
    expect(after).toContain(stays);
    expect(after).not.toContain(dies);
    // An adopted one isn't the new runtime's child; it is replaced all the same.
    process.kill(stays, "SIGKILL");
    await until(() => ours().filter(({ pid }) => pid !== stays).length === 2);
    const answers = new Set<number>();
    await until(async () => {
      const answer = await call(url);
      if (answer.status === 200) answers.add(pidOf(answer));
      return ours().every(({ pid }) => answers.has(pid));
    });
  });

  it("stopped: nothing runs; started again: what should be there is", async () => {
    const { id, key } = await makeDeployment(database, "ready");
    const { url } = await deploy(client, id);
    const headers = { authorization: `Bearer ${key}` };
    const before = pidOf(await call(url, { headers }));
    await end("SIGTERM");
    expect(runtime.exitCode).toBe(0);
    expect(ours()).toEqual([]);
    await expect(call(url)).rejects.toThrow("ECONNREFUSED");

    // The database need not be there for that: the keys' hashes are in a file.
    runtime = await startRuntimeProcess(home, "postgres://nobody@127.0.0.1:1/nothing");
    const answer = await until(async () => {
      const got = await call(url, { headers }).catch(() => null);
      return got?.status === 200 && got;
    });
    expect(pidOf(answer)).not.toBe(before);
    expect((await call(url)).status).toBe(401);
  });

  it("killed: keys that were made and revoked meanwhile hold as soon as it is back", async () => {
    const { id, key } = await makeDeployment(database, "ready");
    const { url } = await deploy(client, id);
    await end("SIGKILL");
    await database.db.endpointKey.updateMany({
      where: { deploymentId: id },
      data: { revokedAt: new Date() },
    });
    await makeKey(database.db, id, "made meanwhile");
    const status = async (token: string) =>
      (await call(url, { headers: { authorization: `Bearer ${token}` } })).status;
    expect(await status(key)).toBe(200);
    runtime = await startRuntimeProcess(home, database.url);
    await until(async () => (await status("made meanwhile")) === 200 && (await status(key)) === 401);
  });

  it("killed: what a replica writes after that is shown without its secrets, and not while these can't be read", async () => {
    const { id } = await makeDeployment(database, "ready");
    const secretId = newId("sec");
    const sealed = seal(parseSealingKey(testKey), id, "canary-7b52009b\nsecond-line");
    await database.db.secret.create({ data: { id: secretId, deploymentId: id, name: "TOKEN", sealed } });
    const { url } = await deploy(client, id, { access: "open", env: [{ name: "TOKEN", secretId }] });
    await end("SIGKILL");
    await database.db.secret.update({ where: { id: secretId }, data: { sealed: "v1.unreadable" } });
    runtime = await startRuntimeProcess(home, database.url);
    await call(`${url}/say?text=${encodeURIComponent("now canary-7b52009b, then\nsecond-line")}`);
    const lines = () =>
      database.db.replicaLogLine.findMany({ where: { deploymentId: id, line: { contains: "now" } } });
    // The request is counted later than a line would have been stored.
    await until(() => database.db.requestRow.findFirst({ where: { deploymentId: id, path: "/say" } }));
    expect(await lines()).toEqual([]);
    await database.db.secret.update({ where: { id: secretId }, data: { sealed } });
    const [line] = await until(async () => {
      const found = await lines();
      return found.length > 0 && found;
    });
    expect(line?.line).toBe("now [secret], then");
    const all = await until(async () => {
      const rows = await database.db.replicaLogLine.findMany({ where: { deploymentId: id } });
      return rows.at(-1)?.line === "[secret]" && rows;
    });
    expect(JSON.stringify(all.map((row) => row.line))).not.toContain("canary");
  });

  it("refuses to be the second on one data folder", async () => {
    await expect(startRuntimeProcess(home, database.url)).rejects.toThrow();
    expect(await client.send("GET", "/health")).toMatchObject({ ok: true, pid: runtime.pid });
  });
});
