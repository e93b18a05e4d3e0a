import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { ZodType } from "zod";
import {
  endpointCommand,
  modelServerCommand,
  poolCommand,
  routesCommand,
} from "#infra/local-runtime/protocol.ts";
import { commandFor } from "#infra/local-runtime/provider/commands.ts";
import { fakeRuntime, type FakeRuntime } from "#infra/local-runtime/provider/fake-runtime.ts";
import { readFailure } from "#infra/local-runtime/provider/failure.ts";
import { localProvider } from "#infra/local-runtime/provider/provider.ts";
import { runtimeClient } from "#infra/local-runtime/provider/runtime-client.ts";
import { specForTest } from "#lib/deployments/spec-for-test.ts";
import { localTypes, planLocal } from "#lib/targets/local/plan.ts";

let folder: string;
let runtime: FakeRuntime;
beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "sluice-provider-"));
  runtime = await fakeRuntime({ socketPath: path.join(folder, "runtime.sock") });
});
afterEach(async () => {
  await runtime.close();
  rmSync(folder, { recursive: true, force: true });
});

const provider = (fence = 3) =>
  localProvider(runtimeClient({ socketPath: runtime.socketPath, fence, patienceMs: 300 }));
const urn = (type: string, name: string) => `urn:pulumi:dep-x::sluice::${type}::${name}`;
const pool = urn(localTypes.pool, "main");
const poolInputs = {
  deploymentId: "dep-x",
  variant: "main",
  algorithm: "random",
  affinity: { by: "none" },
  healthPath: "/",
};

test("each resource of a plan is a command that the protocol accepts, without inputs that the engine drops", () => {
  const schemas: Record<string, ZodType> = {
    [localTypes.endpoint]: endpointCommand,
    [localTypes.modelServer]: modelServerCommand,
    [localTypes.pool]: poolCommand,
    [localTypes.routes]: routesCommand,
  };
  const spec = specForTest({ env: [{ name: "TOKEN", secretId: "sec-a" }] });
  const paths = planLocal("dep-x", spec).map(({ type, inputs }) => {
    const withoutNulls = Object.fromEntries(Object.entries(inputs).filter(([, value]) => value !== null));
    const command = commandFor(type, withoutNulls);
    expect(schemas[type]?.safeParse(command.body).error).toBeUndefined();
    return command.path;
  });
  expect(paths).toEqual([
    "/deployments/dep-x/endpoint",
    "/deployments/dep-x/model-servers/main",
    "/deployments/dep-x/pools/main",
    "/deployments/dep-x/routes",
  ]);
});

test("create, update and delete are one command each, with the fence, and a second create adopts", async () => {
  const made = await provider().create!(pool, poolInputs);
  expect(made).toMatchObject({ id: "/deployments/dep-x/pools/main", outs: { ...poolInputs, state: {} } });
  await provider().create!(pool, poolInputs);
  await provider().update!(made.id, pool, poolInputs, { ...poolInputs, algorithm: "round-robin" });
  await provider().delete!(made.id, pool, poolInputs);
  expect(runtime.calls.map(({ method, fence }) => `${method} ${fence}`)).toEqual([
    "PUT 3",
    "PUT 3",
    "PUT 3",
    "DELETE 3",
  ]);
  expect(runtime.things.size).toBe(0);
});

test("a difference is seen in the inputs alone; another port, variant or deployment is another thing", async () => {
  const diff = (olds: object, news: object) =>
    provider().diff!("id", pool, { ...olds, state: { healthy: 2 } }, news);
  expect(await diff(poolInputs, poolInputs)).toMatchObject({ changes: false });
  expect(await diff(poolInputs, { ...poolInputs, healthPath: "/up" })).toMatchObject({
    changes: true,
    replaces: [],
  });
  expect(await diff(poolInputs, { ...poolInputs, variant: "b" })).toMatchObject({
    replaces: ["variant"],
    deleteBeforeReplace: true,
  });
  expect(await diff({ port: 8000 }, { port: 8001 })).toMatchObject({ replaces: ["port"] });
});

test("the runtime's failure comes through the engine's words; its log lines go where nothing keeps them", async () => {
  const failure = { code: "probe_failed", message: 'It said "no": {}', logLines: ["é\nline 2"] } as const;
  runtime.behave.set("PUT", { ...failure, logLines: [...failure.logLines] });
  const written = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const error = await provider().create!(pool, poolInputs).catch(
    (e: unknown) => e as Error & { id?: string },
  );
  if (!(error instanceof Error)) throw new Error("it should have failed");
  expect(readFailure(`sluice:local:Pool (main): error: ${error.message}\n\n`)).toEqual({
    ...failure,
    logLines: [],
  });
  expect(readFailure(String(written.mock.calls[0]?.[0]))).toEqual(failure);
  // It is there, though unwell: the engine has to remember it.
  expect(error.id).toBe("/deployments/dep-x/pools/main");
});

test("where nothing was made the engine has nothing to remember", async () => {
  await provider(5).create!(pool, poolInputs);
  const error = await provider(4).create!(pool, poolInputs).catch(
    (e: unknown) => e as Error & { id?: string },
  );
  expect(readFailure((error as Error).message)?.code).toBe("stale_fence");
  expect(error).not.toHaveProperty("id");
});

test("cancel ends a wait, and the runtime hears that nobody waits", async () => {
  runtime.behave.set("PUT", "wait");
  const one = provider();
  const waiting = one.create!(pool, poolInputs).catch((e: unknown) => e as Error);
  const call = await runtime.sawCall("/pools/main");
  await one.cancel!();
  expect(readFailure(((await waiting) as Error).message)?.code).toBe("cancelled");
  await expect.poll(() => call.hungUp).toBe(true);
});

test("a runtime that isn't there is told as such, after a little patience; one that comes back is waited for", async () => {
  await runtime.close();
  const error = await provider().create!(pool, poolInputs).catch((e: unknown) => e as Error);
  expect(readFailure((error as Error).message)?.code).toBe("target_unreachable");
  const patient = localProvider(
    runtimeClient({ socketPath: runtime.socketPath, fence: 1, patienceMs: 10_000 }),
  );
  const making = patient.create!(pool, poolInputs);
  runtime = await fakeRuntime({ socketPath: runtime.socketPath });
  expect(await making).toMatchObject({ id: "/deployments/dep-x/pools/main" });
});

test("nothing is sent to a socket in a folder that others can write to", async () => {
  chmodSync(folder, 0o770);
  const client = runtimeClient({ socketPath: runtime.socketPath, fence: 1, patienceMs: 10_000 });
  await expect(client.send("GET", "/deployments/dep-a")).rejects.toMatchObject({
    failure: { code: "target_unreachable", message: expect.stringContaining("open to other users") },
  });
  expect(runtime.calls).toEqual([]);
});
