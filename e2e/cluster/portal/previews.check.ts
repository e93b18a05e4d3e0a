import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { engineEnvironment } from "#infra/engine/child-environment.ts";
import { testEngine } from "#infra/engine/engine-for-test.ts";
import { pulumiLook } from "#infra/engine/pulumi-look.ts";
import { newStackSecrets } from "#infra/engine/stack-secrets.ts";
import { kubernetesProgram } from "#infra/targets/kubernetes/program.ts";
import { newId } from "#lib/ids.ts";
import { forms, secretsForTest } from "#lib/targets/kubernetes/forms-for-test.ts";
import { planKubernetes } from "#lib/targets/kubernetes/plan.ts";

// The engine's plugin checks every input of every kind against the cluster; with the vendor's own plugin nothing is
// stricter.

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(path.join(tmpdir(), "sluice-previews-"))));
afterAll(() => rm(folder, { recursive: true }));

test.each(Object.entries(forms))(
  "the engine previews the form's variant: %s",
  async (_, { spec, settings }) => {
    const engine = await testEngine();
    const secrets = await newStackSecrets();
    const deploymentId = newId("dep");
    const own = path.join(folder, deploymentId);
    const state = path.join(own, "state");
    await mkdir(state, { recursive: true });
    const plan = planKubernetes(deploymentId, spec, settings);
    const look = await pulumiLook({
      cliPath: engine.path,
      cliVersion: engine.version,
      name: deploymentId,
      folder: own,
      secrets,
      env: engineEnvironment(process.env, {
        cliPath: engine.path,
        folder: own,
        stateUrl: `file://${state}`,
        passphrase: secrets.passphrase,
        operationId: newId("op"),
        deploymentId,
        fence: 1,
        runtimeSocket: null,
      }),
      program: kubernetesProgram({
        kubeconfig: inject("place").kubeconfig,
        clusterIdentifier: "cluster-test",
        secrets: secretsForTest,
      }),
      isNew: true,
      patienceMs: 60_000,
    });
    const steps = await look.preview(plan, new AbortController().signal);
    const key = ({ type, name }: { type: string; name: string }) => `${type} ${name}`;
    expect(steps.map(key).sort()).toEqual(plan.map(key).sort());
    expect(new Set(steps.map(({ change }) => change))).toEqual(new Set(["create"]));
  },
);
