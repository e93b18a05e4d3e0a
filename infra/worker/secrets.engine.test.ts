import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { processesOfDeployment } from "#infra/engine/processes-for-test.ts";
import { workerBench, type Bench } from "#infra/worker/bench-for-test.ts";
import { seal } from "#lib/secrets/seal.ts";

vi.setConfig({ testTimeout: 120_000 });

let bench: Bench;
beforeAll(async () => {
  bench = await workerBench();
  // What a worker's environment holds; a runner, the engine and its plugin must see none of it.
  for (const name of ["DATABASE_URL", "SLUICE_KEY", "SLUICE_STATE_PORTAL_URL", "SOME_TOKEN"])
    vi.stubEnv(name, canary);
  bench.start();
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await bench.close();
});

const canary = "canary-7d20e1";

test("no secret is in a process, an event, a row or the engine's state", async () => {
  const { db } = bench.database;
  const tls = { mode: "given", certificate: "-----BEGIN CERTIFICATE-----", keyId: "sec-key" } as const;
  const deployment = await bench.deployment({
    env: [{ name: "TOKEN", secretId: "sec-canary" }],
    endpoint: { port: null, access: "private", tls },
  });
  const { id } = deployment;
  const sealed = (text: string) => seal(bench.ctx.sealingKey, id, text);
  await db.secret.create({
    data: { id: "sec-canary", deploymentId: id, name: "TOKEN", sealed: sealed(canary) },
  });
  await db.secret.create({
    data: { id: "sec-key", deploymentId: id, name: "key", sealed: sealed(`key-${canary}`) },
  });
  await db.deployment.update({ where: { id }, data: { probeKey: sealed(`probe-${canary}`) } });
  const pool = `/deployments/${id}/pools/main`;
  bench.runtime.behave.set(`PUT ${pool}`, "wait");
  const operation = await bench.enqueue(deployment, "deploy");
  await bench.runtime.sawCall(pool);
  const { runnerPid } = await db.operation.findUniqueOrThrow({ where: { id: operation } });
  const pids = processesOfDeployment(id);
  expect(pids.length).toBeGreaterThanOrEqual(2);
  for (const pid of [...pids, runnerPid ?? 0]) {
    const seen = readFileSync(`/proc/${pid}/environ`, "utf8") + readFileSync(`/proc/${pid}/cmdline`, "utf8");
    expect(seen).not.toContain(canary);
    expect(seen).not.toContain(bench.ctx.sealingKey.bytes.toString("base64"));
    expect(seen).not.toContain(bench.database.url);
  }
  bench.runtime.behave.set(`PUT ${pool}`, {
    code: "probe_failed",
    message: "No replica got healthy.",
    logLines: [`TOKEN=${canary}`, `authorization: Bearer probe-${canary}`],
  });
  bench.runtime.release();
  expect(await bench.ended(operation)).toBe("succeeded");
  expect(bench.endpoint.asked.every(({ key }) => key === `Bearer probe-${canary}`)).toBe(true);
  const revisionId = await bench.revise(id, {
    routing: { layer: 7, rules: [], algorithm: "random", affinity: { by: "none" } },
    env: [{ name: "TOKEN", secretId: "sec-canary" }],
  });
  const failing = await bench.enqueue({ id, revisionId }, "update");
  expect(await bench.ended(failing)).toBe("failed");

  const everything = JSON.stringify(
    [
      await db.operation.findMany(),
      await db.operationEvent.findMany(),
      await db.deployment.findMany(),
      await bench.stateRows(),
      bench.runtime.calls.map(({ body }) => body),
    ],
    (_key, value: unknown) => (typeof value === "bigint" ? String(value) : value),
  );
  expect(everything).toContain("[secret]");
  expect(everything).toContain("sec-key");
  expect(everything.includes(canary)).toBe(false);
});
