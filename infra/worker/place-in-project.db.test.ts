import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { placeJob } from "#infra/worker/place-job.ts";
import { targetTexts } from "#infra/worker/target-texts.ts";
import { storeArchive } from "#lib/archives/store-archive.ts";
import { zipForTest } from "#lib/archives/zip-for-test.ts";
import type { SealingContext } from "#lib/context.ts";
import { createDeployment } from "#lib/deployments/create.ts";
import { previewDeployment } from "#lib/deployments/preview.ts";
import { requestPreview } from "#lib/deployments/request-preview.ts";
import { readSpec } from "#lib/deployments/to-view.ts";
import { updateDeployment } from "#lib/deployments/update.ts";
import { secretMask } from "#lib/operations/mask-secrets.ts";
import { projectFindingsForTest } from "#lib/targets/gke/findings-for-test.ts";
import { recordFindings } from "#lib/targets/record-findings.ts";
import { registerTarget } from "#lib/targets/register-target.ts";
import { testPortal, type TestPortal } from "#lib/web/portal-for-test.ts";
import type { Prisma } from "#prisma/generated/client.ts";
import {
  googleEndpointForTest as googleEndpoint,
  keyForTest,
  privateKeyForTest,
} from "#lib/targets/gke/key-for-test.ts";

let portal: TestPortal;
let admin: SealingContext;
let member: SealingContext;

beforeAll(async () => {
  portal = await testPortal();
  admin = { ...(await portal.person("Ada", "admin")), googleEndpoint };
  member = await portal.person("Grace");
});
afterAll(() => portal.drop());
beforeEach(async () => {
  await portal.db.deployment.deleteMany();
  await portal.db.target.deleteMany();
  await registerTarget(admin, {
    kind: "gke",
    name: "lab",
    project: "demo-proj",
    location: "us-central1-a",
    key: keyForTest(),
    nodeServiceAccount: "nodes@demo-proj.iam.gserviceaccount.com",
    imagePrefix: "registry.example.org/sluice",
  });
  const row = await portal.db.target.findFirstOrThrow();
  await recordFindings(portal.db, {
    targetId: row.id,
    credentials: row.credentials!,
    clusterUid: null,
    findings: projectFindingsForTest(),
    at: portal.clock.now(),
  });
});

const wanted = {
  name: "chat",
  target: "lab",
  model: { preset: "sentiment" },
  env: [{ name: "TOKEN", secret: "canary-token" }],
  endpoint: { tls: { mode: "self-signed" } },
};

async function placed(id: string, isLeaving = false, standIn?: () => string) {
  const row = await portal.db.deployment.findUniqueOrThrow({ where: { id } });
  const revision = await portal.db.revision.findUniqueOrThrow({ where: { id: row.revisionId! } });
  const ctx = { ...member, home: "/nowhere", googleEndpoint };
  const { target, plan } = await placeJob(ctx, row, readSpec(revision.spec), isLeaving, standIn);
  if (target.kind !== "gke") throw new Error("It went elsewhere.");
  return { target, plan };
}

test("a member's deployment goes to the project, with its secrets opened for the engine alone", async () => {
  const made = await createDeployment(member, wanted);
  expect(made).toMatchObject({ target: "lab", targetKind: "gke" });
  const { target, plan } = await placed(made.id);
  expect(target).toMatchObject({
    googleEndpoint,
    archive: null,
    credentials: { kind: "service_account", privateKey: privateKeyForTest },
    settings: { project: "demo-proj", region: "us-central1", location: "us-central1-a" },
    secrets: { env: { TOKEN: "canary-token" } },
  });
  expect(target.secrets.certificateKey).toContain("PRIVATE KEY");
  const shown = JSON.stringify(plan);
  for (const secret of ["canary-token", "PRIVATE KEY"]) expect(shown).not.toContain(secret);
  // HAProxy speaks HTTP behind Google's load balancer, and hears from that who asks.
  const { proxy } = target.settings;
  expect(proxy?.files["haproxy.cfg"]).toContain("set-src req.hdr_ip(x-forwarded-for,-2)");
  expect(proxy?.files["haproxy.cfg"]).not.toContain("ssl");
});

test("what opens the way is masked in whatever is told, as it is and as it stands in a file", async () => {
  const { id } = await createDeployment(member, wanted);
  const { target } = await placed(id);
  const mask = secretMask(targetTexts(target));
  for (const text of [privateKeyForTest, keyForTest()])
    expect(mask(`The plugin says ${text}`)).not.toContain(privateKeyForTest.split("\n")[1]);
});

test("a tear-down needs the way there and nothing else, not even an image prefix", async () => {
  const { id } = await createDeployment(member, wanted);
  const row = await portal.db.target.findFirstOrThrow();
  const settings = { ...(row.settings as Prisma.JsonObject), imagePrefix: null };
  await portal.db.target.update({ where: { id: row.id }, data: { settings } });
  await expect(placed(id)).rejects.toMatchObject({ code: "target_refused" });
  const { target, plan } = await placed(id, true);
  expect(target.secrets).toEqual({ env: {} });
  expect(plan).toEqual([]);
});

test("static files go with what puts them into the bucket; without them nothing is begun", async () => {
  const zip = zipForTest([{ name: "index.html", content: "hello" }]);
  const { id: archive } = await storeArchive(member, { name: "site.zip" }, zip);
  const { id } = await createDeployment(member, { ...wanted, google: { staticContent: { archive } } });
  expect((await placed(id)).target.archive).toBe(zip.toString("base64"));
  // Who only looks, or tears down, puts no files anywhere.
  expect((await placed(id, false, () => "")).target.archive).toBeNull();
  expect((await placed(id, true)).target.archive).toBeNull();
  await portal.db.archive.deleteMany();
  await expect(placed(id)).rejects.toMatchObject({
    code: "target_refused",
    message: expect.stringContaining("Upload them again under Settings") as string,
  });
  expect((await placed(id, true)).target.archive).toBeNull();
});

test("a preview tells the price and who routes, and the engine is asked besides", async () => {
  const preview = await previewDeployment(member, wanted);
  expect(preview.google).toMatchObject({ loadBalancer: "google-and-proxy", lacks: ["keys"] });
  expect(preview.google?.price.isComplete).toBe(true);
  expect(preview.changes.map(({ type }) => type)).toContain("gcp:container/cluster:Cluster");
  expect((await requestPreview(member, wanted)).job).toMatchObject({ kind: "preview" });
});

test("what can't be had back is refused once something was begun or is about to be, and can be changed before", async () => {
  const { id } = await createDeployment(member, wanted);
  const layer4 = { routing: { layer: 4 }, endpoint: { access: "open", tls: { mode: "none" } } };
  const layer7 = { routing: { layer: 7 } };
  const refusal = { fields: [{ field: "routing.layer" }] };
  const ofIt = { deploymentId: id };
  // The first operation waits, and makes what was asked for at first.
  await expect(updateDeployment(member, id, layer4)).rejects.toMatchObject(refusal);
  await portal.db.operation.updateMany({ where: ofIt, data: { status: "failed" } });
  expect((await updateDeployment(member, id, layer4)).spec.routing.layer).toBe(4);
  await portal.db.operation.updateMany({ where: ofIt, data: { status: "failed" } });
  const { id: operationId } = await portal.db.operation.findFirstOrThrow({ where: ofIt });
  const resource = { type: "gcp:compute/address:Address", name: "address" };
  const data = { kind: "resource_started", resource, change: "create" };
  await portal.db.operationEvent.create({
    data: { operationId, seq: 99, at: portal.clock.now(), attempt: 1, kind: "resource_started", data },
  });
  await expect(updateDeployment(member, id, layer7)).rejects.toMatchObject(refusal);
  await expect(previewDeployment(member, { deployment: id, ...layer7 })).rejects.toMatchObject(refusal);
});
