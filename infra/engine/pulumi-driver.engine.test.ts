import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Stack, type UpResult } from "@pulumi/pulumi/automation/index.js";
import { expect, test, vi } from "vitest";
import { engineEnvironment, fencedStateUrl } from "#infra/engine/child-environment.ts";
import { testEngineContract } from "#infra/engine/driver-contract.ts";
import { testEngine } from "#infra/engine/engine-for-test.ts";
import { processesWith } from "#infra/engine/processes-for-test.ts";
import { pulumiStack } from "#infra/engine/pulumi-driver.ts";
import { newStackSecrets } from "#infra/engine/stack-secrets.ts";
import { stateDatabase } from "#infra/engine/state-database-for-test.ts";
import { commandFor } from "#infra/local-runtime/provider/commands.ts";
import { fakeRuntime } from "#infra/local-runtime/provider/fake-runtime.ts";
import { raiseStackFence } from "#infra/postgres/stack-fence.ts";
import type { RuntimeFailure } from "#infra/local-runtime/protocol.ts";
import { localProgram } from "#infra/targets/local/program.ts";
import { specForTest } from "#lib/deployments/spec-for-test.ts";
import { newId } from "#lib/ids.ts";
import { planLocal } from "#lib/targets/local/plan.ts";
import type { PlannedResource } from "#lib/targets/plan.ts";

testEngineContract("the real engine", realEngine);

test("an older attempt can't write to the engine's state any more", { timeout: 120_000 }, async () => {
  const deploymentId = newId("dep");
  const older = await realEngine(deploymentId);
  await raiseStackFence(older.stateUrl, deploymentId, 2);
  const run = {
    signal: new AbortController().signal,
    onEvent: () => undefined,
    onRegistered: () => undefined,
  };
  const error = await older.stack.up(planLocal(deploymentId, specForTest()), run).catch((e: unknown) => e);
  expect(error).toMatchObject({ name: "EngineError", code: "stale_fence" });
  expect(older.runtime.calls).toEqual([]);
  await older.close();
});

test("a run that lost its program isn't one that went well", { timeout: 120_000 }, async () => {
  const deploymentId = newId("dep");
  const { stack, close } = await realEngine(deploymentId);
  // As the SDK does where its connection is lost before it comes to run the program.
  const up = vi.spyOn(Stack.prototype, "up").mockResolvedValue({} as UpResult);
  const run = {
    signal: new AbortController().signal,
    onEvent: () => undefined,
    onRegistered: () => undefined,
  };
  await expect(stack.up(planLocal(deploymentId, specForTest()), run)).rejects.toMatchObject({
    code: "engine_failed",
    message: expect.stringContaining("lost what it was to do") as string,
  });
  expect(up).toHaveBeenCalledOnce();
  up.mockRestore();
  await close();
});

async function realEngine(deploymentId: string) {
  const engine = await testEngine();
  const state = await stateDatabase();
  const folder = mkdtempSync(path.join(tmpdir(), "sluice-engine-"));
  const runtime = await fakeRuntime({
    socketPath: path.join(folder, "runtime.sock"),
    endpoint: { url: "http://127.0.0.1:1", ip: "127.0.0.1", port: 1, access: "private" },
  });
  await raiseStackFence(state.url, deploymentId, 1);
  const secrets = await newStackSecrets();
  const marker = path.basename(folder);
  const stack = await pulumiStack({
    cliPath: engine.path,
    cliVersion: engine.version,
    name: deploymentId,
    folder: path.join(folder, "work"),
    secrets,
    env: engineEnvironment(process.env, {
      cliPath: engine.path,
      folder: path.join(folder, "work"),
      stateUrl: fencedStateUrl(state.url, 1),
      passphrase: secrets.passphrase,
      operationId: marker,
      deploymentId,
      fence: 1,
      runtimeSocket: runtime.socketPath,
    }),
    program: localProgram,
    runsAtDestroy: false,
    isNew: true,
    patienceMs: 20_000,
  });
  return {
    stack,
    runtime,
    stateUrl: state.url,
    failAt: (resource: PlannedResource, failure: RuntimeFailure) =>
      void runtime.behave.set(putOf(resource), failure),
    waitAt: (resource: PlannedResource) => void runtime.behave.set(putOf(resource), "wait"),
    isWaiting: async ({ type, inputs }: PlannedResource) =>
      void (await runtime.sawCall(commandFor(type, inputs).path)),
    behaveWell() {
      runtime.behave.clear();
      runtime.release();
    },
    async kill() {
      // The command alone: the plugin is left behind, as in a real accident.
      for (const pid of processesWith(`SLUICE_OPERATION=${marker}`)) {
        if (commandOf(pid).startsWith(engine.path)) process.kill(pid, "SIGKILL");
      }
    },
    async close() {
      await runtime.close();
      await state.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function putOf({ type, inputs }: PlannedResource): string {
  return `PUT ${commandFor(type, inputs).path}`;
}

function commandOf(pid: number): string {
  return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
}
