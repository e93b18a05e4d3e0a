import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { engineEnvironment, fencedStateUrl } from "#infra/engine/child-environment.ts";
import { testEngineContract } from "#infra/engine/driver-contract.ts";
import { testEngine } from "#infra/engine/engine-for-test.ts";
import { pulumiStack } from "#infra/engine/pulumi-driver.ts";
import { newStackSecrets } from "#infra/engine/stack-secrets.ts";
import { stateDatabase } from "#infra/engine/state-database-for-test.ts";
import { commandFor } from "#infra/local-runtime/provider/commands.ts";
import { fakeRuntime } from "#infra/local-runtime/provider/fake-runtime.ts";
import { raiseStackFence } from "#infra/postgres/stack-fence.ts";
import { localProgram } from "#infra/targets/local/program.ts";

testEngineContract("the real engine", async (deploymentId) => {
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
    isNew: true,
    patienceMs: 20_000,
  });
  return {
    stack,
    failAt: ({ type, inputs }, failure) => void runtime.behave.set(`PUT ${commandFor(type, inputs).path}`, failure),
    waitAt: ({ type, inputs }) => void runtime.behave.set(`PUT ${commandFor(type, inputs).path}`, "wait"),
    isWaiting: async ({ type, inputs }) => void (await runtime.sawCall(commandFor(type, inputs).path)),
    behaveWell() {
      runtime.behave.clear();
      runtime.release();
    },
    async kill() {
      // The command alone: the plugin is left behind, as in a real accident.
      for (const pid of processesOf(marker)) {
        if (commandOf(pid).startsWith(engine.path)) process.kill(pid, "SIGKILL");
      }
    },
    async close() {
      await runtime.close();
      await state.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
});

function processesOf(marker: string): number[] {
  return readdirSync("/proc").flatMap((entry) => {
    try {
      return readFileSync(`/proc/${entry}/environ`, "utf8").includes(`SLUICE_OPERATION=${marker}`) ? [Number(entry)] : [];
    } catch {
      return [];
    }
  });
}

function commandOf(pid: number): string {
  return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
}
