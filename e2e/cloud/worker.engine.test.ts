import path from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { googleForTest, owner, project } from "#e2e/cloud/google/google-for-test.ts";
import type { Google } from "#e2e/cloud/google/serve.ts";
import { testEngine } from "#infra/engine/engine-for-test.ts";
import { storyOf, workerBench, type Bench } from "#infra/worker/bench-for-test.ts";
import { previewJob } from "#infra/worker/preview-job.ts";
import { specForTest } from "#lib/deployments/spec-for-test.ts";
import { googleSpecForTest } from "#lib/deployments/google-spec-for-test.ts";
import type { PreviewJobResult } from "#lib/deployments/preview-job.ts";
import type { StoredSpec } from "#lib/deployments/spec.ts";
import { readSpec } from "#lib/deployments/to-view.ts";
import type { EndpointView, Receipt } from "#lib/deployments/view.ts";
import { newId } from "#lib/ids.ts";
import { listEvents } from "#lib/operations/list-events.ts";
import { seal } from "#lib/secrets/seal.ts";
import { mainName } from "#lib/targets/gke/names.ts";
import type { ProjectSettings } from "#lib/targets/gke/project-settings.ts";

// A whole worker with the real engine against the model of Google's APIs, as far as it goes without a cluster: the
// model's clusters have an address where nobody is.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

const nodes = `nodes@${project}.iam.gserviceaccount.com`;
const place = path.resolve(import.meta.dirname, "..");
const pluginFolders = [path.join(place, "cloud/stand-in"), path.join(place, "cluster/stand-in")];

let google: Google;
let bench: Bench;
let targetId: string;

beforeAll(async () => {
  ({ google } = await googleForTest());
  google.addServiceAccount(project, nodes);
  bench = await workerBench({
    kinds: ["gke"],
    pluginFolders,
    googleEndpoint: google.url,
  });
  targetId = newId("tgt");
  const key = JSON.stringify(google.tokens.addServiceAccountKey(owner, project));
  const settings: ProjectSettings = {
    project,
    location: "us-central1-a",
    account: "key",
    nodeServiceAccount: nodes,
    imagePrefix: "registry.example.org/sluice",
    proxyImage: null,
  };
  await bench.database.db.target.create({
    data: {
      id: targetId,
      name: "lab",
      kind: "gke",
      settings,
      credentials: seal(bench.ctx.sealingKey, targetId, key),
    },
  });
  bench.start();
});
afterAll(async () => {
  await bench.close();
  await google.close();
});
beforeEach(() => {
  google.faults.clear();
  google.quotas.set(project, null, "NETWORKS", 15);
  google.projects.get(project)!.services.add("container.googleapis.com");
});

const spec: Partial<StoredSpec> = {
  target: "gke",
  variants: [
    {
      name: "main",
      model: { preset: "sentiment" },
      scaling: { minReplicas: 1, maxReplicas: 1, metric: "none", targetInFlight: 4 },
      resources: { cpu: "500m", memory: "256Mi", gpus: 0 },
      weight: 100,
      healthPath: "/healthz",
    },
  ],
  google: googleSpecForTest(),
};

const rowOf = (id: string) => bench.database.db.deployment.findUniqueOrThrow({ where: { id } });
const operationOf = (id: string) => bench.database.db.operation.findUniqueOrThrow({ where: { id } });
/** Keys of all that the project has of a deployment. */
const thereOf = (id: string) =>
  google.store
    .all()
    .map(({ key }) => key)
    .filter((key) => key.includes(mainName(id)));

async function tornDown(deployment: { id: string; revisionId: string }): Promise<Receipt> {
  const destroy = await bench.enqueue(deployment, "destroy");
  expect(await bench.ended(destroy), (await operationOf(destroy)).errorMessage ?? "").toBe("succeeded");
  const row = await rowOf(deployment.id);
  expect(row).toMatchObject({ status: "destroyed", endpoint: null });
  return row.receipt as Receipt;
}

test("what fails halfway says so, shows its address, and is torn down with nothing left", async () => {
  const deployment = await bench.deployment(spec, targetId);
  google.faults.operation(
    { method: "POST", path: /\/nodePools/, times: Infinity },
    { code: "RESOURCE_EXHAUSTED", message: "The zone has not enough machines." },
  );
  const deploy = await bench.enqueue(deployment, "deploy");
  expect(await bench.ended(deploy)).toBe("failed");
  const failed = await operationOf(deploy);
  expect(failed.errorCode).toBe("nodes_failed");
  expect(failed.errorMessage).toContain("Google couldn't make the nodes: The zone has not enough machines.");
  const story = await storyOf(bench.user, deploy);
  expect(story.slice(0, 5)).toEqual(["queued…", "queued done", "planning…", "planning done", "creating…"]);
  const { endpoint } = await rowOf(deployment.id);
  const { ip } = endpoint as EndpointView;
  expect(ip).toMatch(/^203\.0\.113\./);
  const told = await listEvents(bench.user, { operationId: deploy });
  expect(told).toContainEqual(
    expect.objectContaining({ kind: "log", text: `The address ${ip} is reserved.` }),
  );
  expect(JSON.stringify(told)).not.toContain("PRIVATE KEY");
  expect(thereOf(deployment.id)).not.toEqual([]);

  const main = mainName(deployment.id);
  const disk = `compute/projects/${project}/zones/us-central1-a/disks/pvc-of-${main}`;
  google.store.put(disk, {
    name: `pvc-of-${main}`,
    labels: { "goog-k8s-cluster-name": main },
    selfLink: `https://www.googleapis.com/${disk.replace("/", "/beta/")}`,
  });
  google.permissions.deny(owner, "compute.disks.delete");
  const inVain = await bench.enqueue(deployment, "destroy");
  expect(await bench.ended(inVain)).toBe("failed");
  const row = await rowOf(deployment.id);
  expect(row).toMatchObject({ status: "failed", statusCode: "leftovers" });
  expect(row.statusMessage).toContain("compute.disks.delete");
  const { remaining } = row.receipt as Receipt;
  expect(remaining.map(({ what }) => what)).toEqual([
    expect.stringMatching(`^Disk pvc-of-${main} in us-central1-a: `),
  ]);
  expect(thereOf(deployment.id)).toEqual([disk]);

  google.permissions.restore(owner);
  const receipt = await tornDown(deployment);
  expect(receipt.remaining).toEqual([]);
  expect(receipt.created.map(({ type }) => type)).toContain("gcp:container/cluster:Cluster");
  expect(thereOf(deployment.id)).toEqual([]);
});

test("what is missing in the project is said before anything is made, and a retry goes on once it is there", async () => {
  const deployment = await bench.deployment(spec, targetId);
  const failure = async (kind: "deploy" | "update" = "deploy") => {
    const operation = await bench.enqueue(deployment, kind);
    expect(await bench.ended(operation)).toBe("failed");
    return operationOf(operation);
  };
  google.quotas.set(project, null, "NETWORKS", 0);
  expect((await failure()).errorCode).toBe("quota_exceeded");
  google.quotas.set(project, null, "NETWORKS", 15);
  google.projects.get(project)!.services.delete("container.googleapis.com");
  expect((await failure()).errorCode).toBe("api_disabled");
  google.projects.get(project)!.services.add("container.googleapis.com");
  const key = `compute/projects/${project}/global/networks/${mainName(deployment.id)}`;
  google.store.put(key, { name: mainName(deployment.id), description: "somebody's" });
  const taken = await failure();
  expect(taken).toMatchObject({ errorCode: "name_taken" });
  expect(taken.errorMessage).toContain("Nothing of it was made.");
  google.store.remove(key);
  expect(thereOf(deployment.id)).toEqual([]);
  // Now it comes as far as it can here: the model's cluster has no API server.
  expect((await failure()).errorCode).toBe("target_unreachable");
  expect(thereOf(deployment.id)).not.toEqual([]);
  expect((await tornDown(deployment)).remaining).toEqual([]);
  expect(thereOf(deployment.id)).toEqual([]);
});

test("the engine previews what it would make, without anything being made", async () => {
  const engine = { ...(await testEngine()), pluginFolders };
  const deploymentId = newId("dep");
  const input = { deploymentId, isNew: true, targetId, spec: readSpec({ ...specForTest(), ...spec }) };
  const job = { id: newId("job"), kind: "preview", subjectId: deploymentId, attempt: 1, input } as const;
  const before = google.store.all().length;
  const handler = previewJob(bench.ctx, () => engine);
  const { changes } = (await handler(bench.ctx, job, new AbortController().signal)) as PreviewJobResult;
  expect(new Set(changes.map(({ change }) => change))).toEqual(new Set(["create"]));
  const types = changes.map(({ type }) => type);
  expect(types).toContain("gcp:container/cluster:Cluster");
  expect(types).toContain("kubernetes:apps/v1:Deployment");
  expect(google.store.all()).toHaveLength(before);
});
