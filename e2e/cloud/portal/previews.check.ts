import { randomUUID } from "node:crypto";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { controlAt, type TestProject } from "#e2e/cloud/portal/control.ts";
import { makeCluster } from "#e2e/cloud/portal/make-cluster.ts";
import { hasCloud } from "#e2e/cloud/portal/on-google.ts";
import { engineEnvironment } from "#infra/engine/child-environment.ts";
import { testEngine } from "#infra/engine/engine-for-test.ts";
import { pulumiLook } from "#infra/engine/pulumi-look.ts";
import { newStackSecrets } from "#infra/engine/stack-secrets.ts";
import { projectApi } from "#infra/google/project-api.ts";
import { googleEnvironment } from "#infra/targets/gke/engine-environment.ts";
import { gkeProgram } from "#infra/targets/gke/program.ts";
import { newId } from "#lib/ids.ts";
import { parseServiceAccountKey } from "#lib/targets/gke/credentials.ts";
import { tokenUriOf } from "#lib/targets/gke/endpoint-override.ts";
import { gkeForms, secretsForTest, type GkeForm } from "#lib/targets/gke/forms-for-test.ts";
import { planGke } from "#lib/targets/gke/plan.ts";

// Both of the engine's plugins check every input of every kind; with the vendor's own nothing is stricter.

const { signal } = new AbortController();
let folder: string;
let project: TestProject;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "sluice-google-previews-"));
  if (!hasCloud) return;
  const cloud = controlAt(inject("place").cloud!);
  project = await cloud.addProject(`forms-${randomUUID().slice(0, 8)}`);
  await makeCluster(cloud, project);
});
afterAll(() => rm(folder, { recursive: true }));

/** A form in a project of this run's. */
const inProject = (form: GkeForm): GkeForm =>
  JSON.parse(JSON.stringify(form).replaceAll("demo-proj", project.id)) as GkeForm;

test.skipIf(!hasCloud).each(Object.entries(gkeForms))(
  "the engine previews the form's variant: %s",
  async (_, form) => {
    const { spec, settings } = inProject(form);
    const googleEndpoint = inject("place").google!;
    const engine = await testEngine();
    const secrets = await newStackSecrets();
    const deploymentId = newId("dep");
    const own = path.join(folder, deploymentId);
    const state = path.join(own, "state");
    await mkdir(state, { recursive: true });
    const credentials = parseServiceAccountKey(JSON.stringify(project.key), {
      tokenUri: tokenUriOf(googleEndpoint),
    });
    const { api, overridden } = projectApi({ credentials, project: project.id, googleEndpoint });
    const base = engineEnvironment(process.env, {
      cliPath: engine.path,
      folder: own,
      stateUrl: `file://${state}`,
      passphrase: secrets.passphrase,
      operationId: newId("op"),
      deploymentId,
      fence: 1,
      runtimeSocket: null,
    });
    const plan = planGke(deploymentId, spec, settings);
    const look = await pulumiLook({
      cliPath: engine.path,
      cliVersion: engine.version,
      name: deploymentId,
      folder: own,
      secrets,
      env: { ...base, ...googleEnvironment(credentials, overridden) },
      program: gkeProgram({
        deploymentId,
        spec,
        settings,
        secrets: secretsForTest,
        api,
        endpoints: overridden,
        imports: new Map(),
        putFiles: null,
        onAddress: () => undefined,
        signal,
        settleMs: 0,
      }),
      isNew: true,
      patienceMs: 60_000,
    });
    const steps = await look.preview(plan, signal);
    const key = ({ type, name }: { type: string; name: string }) => `${type} ${name}`;
    expect(steps.map(key).sort()).toEqual(plan.map(key).sort());
    expect(new Set(steps.map(({ change }) => change))).toEqual(new Set(["create"]));
  },
);
