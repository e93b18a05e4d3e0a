import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation/index.js";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { engineEnvironment, fencedStateUrl } from "#infra/engine/child-environment.ts";
import { engineCli } from "#infra/engine/cli.ts";
import { testEngine } from "#infra/engine/engine-for-test.ts";
import { projectName } from "#infra/engine/pulumi-driver.ts";
import { stateDatabase } from "#infra/engine/state-database-for-test.ts";
import { fakeRuntime, type FakeRuntime } from "#infra/local-runtime/provider/fake-runtime.ts";
import { raiseStackFence } from "#infra/postgres/stack-fence.ts";
import { localProgram } from "#infra/targets/local/program.ts";
import { specForTest } from "#lib/deployments/spec-for-test.ts";
import type { Spec } from "#lib/deployments/spec.ts";
import { newId } from "#lib/ids.ts";
import { diffPlan } from "#lib/targets/diff-plan.ts";
import { planLocal } from "#lib/targets/local/plan.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const deploymentId = newId("dep");
const base = specForTest({
  endpoint: { port: 8000, access: "private" },
});
const [main] = base.variants as [Spec["variants"][number]];
const before = planLocal(deploymentId, base);

let folder: string;
let runtime: FakeRuntime;
let state: Awaited<ReturnType<typeof stateDatabase>>;
let stack: Stack;

beforeAll(async () => {
  const engine = await testEngine();
  state = await stateDatabase();
  folder = mkdtempSync(path.join(tmpdir(), "sluice-preview-"));
  runtime = await fakeRuntime({ socketPath: path.join(folder, "runtime.sock") });
  await raiseStackFence(state.url, deploymentId, 1);
  const env = engineEnvironment(process.env, {
    cliPath: engine.path,
    folder,
    stateUrl: fencedStateUrl(state.url, 1),
    passphrase: "for this test",
    operationId: "op-preview",
    deploymentId,
    fence: 1,
    runtimeSocket: runtime.socketPath,
  });
  const { command } = engineCli({ path: engine.path, version: engine.version, env });
  const workspace = await LocalWorkspace.create({
    workDir: folder,
    pulumiCommand: command,
    secretsProvider: "passphrase",
    projectSettings: { name: projectName, runtime: "nodejs" },
  });
  await workspace.createStack(deploymentId);
  const { Stack: StackClass } = await import("@pulumi/pulumi/automation/index.js");
  stack = await StackClass.select(deploymentId, workspace);
  await stack.up({ program: localProgram(before) });
});
afterAll(async () => {
  await runtime.close();
  await state.drop();
  rmSync(folder, { recursive: true, force: true });
});

const changed: Record<string, Partial<Spec>> = {
  nothing: {},
  "another port": { endpoint: { ...base.endpoint, port: 8001 } },
  "a port that Sluice chooses": { endpoint: { ...base.endpoint, port: null } },
  "open to all": { endpoint: { ...base.endpoint, access: "open" } },
  "layer 4": {
    routing: { ...base.routing, layer: 4 },
    endpoint: { ...base.endpoint, access: "open" },
  },
  "HTTPS, with HTTP redirected": {
    endpoint: {
      ...base.endpoint,
      tls: { mode: "given", certificate: "-----BEGIN CERTIFICATE-----", keyId: "sec-c" },
      redirectFrom: 8002,
    },
  },
  "more replicas": { variants: [{ ...main, scaling: { ...main.scaling, maxReplicas: 5 } }] },
  "a second variant": { variants: [main, { ...main, name: "canary", weight: 10 }] },
  "another name of the variant": { variants: [{ ...main, name: "other" }] },
  "another algorithm and a secret": {
    routing: {
      layer: 7,
      rules: [{ variant: "main", pathPrefix: "/a" }],
      algorithm: "random",
      affinity: { by: "cookie" },
    },
    env: [{ name: "TOKEN", secretId: "sec-b" }],
  },
};

test.each(Object.keys(changed))("the plan shown agrees with the engine's own preview: %s", async (name) => {
  const after = planLocal(deploymentId, { ...base, ...changed[name] });
  const engineSays = new Map<string, string>();
  await stack.preview({
    program: localProgram(after),
    onEvent(event) {
      const metadata = event.resourcePreEvent?.metadata;
      if (!metadata || metadata.type.startsWith("pulumi:")) return;
      const key = `${metadata.type}::${metadata.urn.split("::").at(-1)}`;
      const op = String(metadata.op);
      if (!/^(create|update|delete|same)$/.test(op)) engineSays.set(key, "replace");
      else if (!engineSays.has(key)) engineSays.set(key, op);
    },
  });
  const weSay = new Map(diffPlan(before, after).map((c) => [`${c.type}::${c.name}`, String(c.change)]));
  expect(Object.fromEntries(engineSays)).toEqual(Object.fromEntries(weSay));
});
