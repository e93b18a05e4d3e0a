import { randomUUID } from "node:crypto";
import { beforeAll, inject, test } from "vitest";
import { controlAt, type TestProject } from "#e2e/cloud/portal/control.ts";
import { makeCluster } from "#e2e/cloud/portal/make-cluster.ts";
import { hasCloud } from "#e2e/cloud/portal/on-google.ts";
import { expectPreview } from "#e2e/cluster/portal/expect-preview.ts";
import { projectApi } from "#infra/google/project-api.ts";
import { googleEnvironment } from "#infra/targets/gke/engine-environment.ts";
import { gkeProgram } from "#infra/targets/gke/program.ts";
import { newId } from "#lib/ids.ts";
import { parseServiceAccountKey } from "#lib/targets/gke/credentials.ts";
import { tokenUriOf } from "#lib/targets/gke/endpoint-override.ts";
import { gkeForms, secretsForTest, type GkeForm } from "#lib/targets/gke/forms-for-test.ts";
import { planGke } from "#lib/targets/gke/plan.ts";

// Both of the engine's plugins check every input of every kind; with the vendor's own nothing is stricter.

let project: TestProject;
beforeAll(async () => {
  if (!hasCloud) return;
  const cloud = controlAt(inject("place").cloud!);
  project = await cloud.addProject(`forms-${randomUUID().slice(0, 8)}`);
  await makeCluster(cloud, project);
});

/** A form in a project of this run's. */
const inProject = (form: GkeForm): GkeForm =>
  JSON.parse(JSON.stringify(form).replaceAll("demo-proj", project.id)) as GkeForm;

test.skipIf(!hasCloud).each(Object.entries(gkeForms))(
  "the engine previews the form's variant: %s",
  async (_, form) => {
    const { spec, settings } = inProject(form);
    const googleEndpoint = inject("place").google!;
    const deploymentId = newId("dep");
    const credentials = parseServiceAccountKey(JSON.stringify(project.key), {
      tokenUri: tokenUriOf(googleEndpoint),
    });
    const { api, overridden } = projectApi({ credentials, project: project.id, googleEndpoint });
    const program = gkeProgram({
      deploymentId,
      spec,
      settings,
      secrets: secretsForTest,
      api,
      endpoints: overridden,
      imports: new Map(),
      putFiles: null,
      onAddress: () => undefined,
      signal: new AbortController().signal,
      settleMs: 0,
    });
    const plan = planGke(deploymentId, spec, settings);
    await expectPreview(deploymentId, plan, program, googleEnvironment(credentials, overridden));
  },
);
