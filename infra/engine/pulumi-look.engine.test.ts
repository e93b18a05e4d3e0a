import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Stack, type PreviewResult } from "@pulumi/pulumi/automation/index.js";
import { expect, onTestFinished, test, vi } from "vitest";
import { engineEnvironment } from "#infra/engine/child-environment.ts";
import { testEngine } from "#infra/engine/engine-for-test.ts";
import { pulumiLook } from "#infra/engine/pulumi-look.ts";
import { newStackSecrets } from "#infra/engine/stack-secrets.ts";

test("a preview that lost its program isn't one of a program that wants nothing", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "sluice-look-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const state = path.join(folder, "state");
  await mkdir(state);
  const engine = await testEngine();
  const secrets = await newStackSecrets();
  const options = {
    cliPath: engine.path,
    cliVersion: engine.version,
    name: "dep-0123456789ab",
    folder,
    secrets,
    env: engineEnvironment(process.env, {
      cliPath: engine.path,
      folder,
      stateUrl: `file://${state}`,
      passphrase: secrets.passphrase,
      operationId: "op-0123456789ab",
      deploymentId: "dep-0123456789ab",
      fence: 1,
      runtimeSocket: null,
    }),
    program: () => () => Promise.resolve({}),
    isNew: true,
    patienceMs: 20_000,
  };
  const look = await pulumiLook(options);
  const { signal } = new AbortController();
  expect(await look.preview([], signal)).toEqual([]);
  // As the SDK does where its connection is lost before it comes to run the program.
  const preview = vi.spyOn(Stack.prototype, "preview").mockResolvedValue({} as PreviewResult);
  onTestFinished(() => preview.mockRestore());
  const again = await pulumiLook({ ...options, isNew: false });
  await expect(again.preview([], signal)).rejects.toMatchObject({ code: "engine_failed" });
});
