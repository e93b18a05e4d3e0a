import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { SealingContext } from "#lib/context.ts";
import { createDeployment } from "#lib/deployments/create.ts";
import { getDeployment } from "#lib/deployments/get.ts";
import { previewDeployment } from "#lib/deployments/preview.ts";
import { updateDeployment } from "#lib/deployments/update.ts";
import { changeTarget } from "#lib/targets/change-target.ts";
import { takePrefixAwayForTest } from "#lib/targets/cluster-for-test.ts";
import { testAuthority } from "#lib/targets/kubernetes/authority-for-test.ts";
import type { Findings } from "#lib/targets/kubernetes/findings.ts";
import { findingsForTest } from "#lib/targets/kubernetes/findings-for-test.ts";
import { kubeconfigText } from "#lib/targets/kubernetes/kubeconfig-for-test.ts";
import { recordFindings } from "#lib/targets/record-findings.ts";
import { registerTarget } from "#lib/targets/register-target.ts";
import { testPortal, type TestPortal } from "#lib/web/portal-for-test.ts";

let portal: TestPortal;
let admin: SealingContext;
let member: SealingContext;

beforeAll(async () => {
  portal = await testPortal();
  admin = await portal.person("Ada", "admin");
  member = await portal.person("Grace");
  const ca = (await testAuthority()).certificate;
  const kubeconfig = kubeconfigText({ server: "https://203.0.113.7:6443", ca, user: { token: "token-1" } });
  await registerTarget(admin, { name: "prod", kubeconfig });
});
afterAll(() => portal.drop());
beforeEach(() => found({}));

/** What a check of the cluster finds from now on. */
async function found(findings: Partial<Findings>) {
  portal.clock.move(1_000);
  const row = await portal.db.target.findFirstOrThrow();
  await recordFindings(portal.db, {
    targetId: row.id,
    credentials: row.credentials!,
    clusterUid: null,
    findings: { ...findingsForTest(), ...findings },
    at: portal.clock.now(),
  });
}

const image = { image: "registry.example.org/chat:1" };
const make = async (name: string, more: object = {}) =>
  (await createDeployment(member, { name, target: "prod", model: image, ...more })).id;

test("where no metrics API ever was, a fixed number can be changed and be kept for longer", async () => {
  await found({ metricsApi: "absent" });
  const id = await make("fixed", { scaling: { metric: "none", minReplicas: 2 } });
  expect((await updateDeployment(member, id, { ttlMinutes: 60 })).spec.ttlMinutes).toBe(60);
  const { spec } = await updateDeployment(member, id, { scaling: { minReplicas: 3, maxReplicas: 3 } });
  expect(spec.variants[0]?.scaling).toMatchObject({ metric: "none", minReplicas: 3 });
  await expect(updateDeployment(member, id, { scaling: { metric: "cpu" } })).rejects.toMatchObject({
    fields: [{ field: "scaling.metric" }],
  });
});

test("what the cluster lacks for now stands in the way of no other change", async () => {
  const scaling = { maxReplicas: 5, targetCpuPercent: 50 };
  const id = await make("busy", { scaling, endpoint: { gatewayClass: "traefik" } });
  await found({ metricsApi: "silent", gatewayClasses: [] });
  expect((await updateDeployment(member, id, { ttlMinutes: 60 })).expiresAt).not.toBeNull();
  const patch = { model: { image: "registry.example.org/chat:0" } };
  const { spec } = await previewDeployment(member, { deployment: id, ...patch });
  expect(spec).toMatchObject({
    variants: [{ scaling: { metric: "cpu", ...scaling } }],
    endpoint: { gatewayClass: "traefik" },
  });
  expect((await updateDeployment(member, id, patch)).spec).toEqual(spec);
  await expect(updateDeployment(member, id, { endpoint: { gatewayClass: "other" } })).rejects.toMatchObject({
    fields: [{ field: "endpoint.gatewayClass" }],
  });
});

test("a longer time to live changes nothing else, whatever the rest would get now", async () => {
  await changeTarget(admin, "prod", { imagePrefix: "registry.example.org/sluice" });
  const model = { preset: "sentiment" };
  const id = await make("kept", { model, endpoint: { tls: { mode: "self-signed" } } });
  await takePrefixAwayForTest(portal.db);
  await changeTarget(admin, "prod", { publicHost: "models.example.org" });
  const { spec, changes } = await previewDeployment(member, { deployment: id, ttlMinutes: 60 });
  expect(changes.filter(({ change }) => change !== "same")).toEqual([]);
  const longer = await updateDeployment(member, id, { ttlMinutes: 60 });
  expect(longer).toMatchObject({ spec, operation: { kind: "deploy" } });
  await expect(updateDeployment(member, id, { ttlMinutes: 1 })).rejects.toMatchObject({
    fields: [{ field: "ttlMinutes" }],
  });
});

test("the image prefix can't be taken away while built-in models are there, so those can be changed", async () => {
  await portal.db.deployment.deleteMany();
  await changeTarget(admin, "prod", { imagePrefix: "registry.example.org/sluice" });
  await make("of-an-image");
  const id = await make("built-in", { model: { preset: "sentiment" } });
  const { settings } = await portal.db.target.findFirstOrThrow();
  await expect(changeTarget(admin, "prod", { imagePrefix: "", publicHost: "" })).rejects.toMatchObject({
    code: "invalid",
    fields: [
      {
        field: "imagePrefix",
        message:
          "The built-in models of built-in are pulled from there. Give another prefix, or have them torn down first.",
      },
    ],
  });
  expect((await portal.db.target.findFirstOrThrow()).settings).toEqual(settings);
  await changeTarget(admin, "prod", { imagePrefix: "other.example.org" });
  const { spec } = await updateDeployment(member, id, { scaling: { minReplicas: 2 } });
  expect(spec.variants[0]?.scaling.minReplicas).toBe(2);
  await portal.db.deployment.update({ where: { id }, data: { status: "destroyed" } });
  const cleared = await changeTarget(admin, "prod", { imagePrefix: null });
  expect(cleared.cluster?.detail?.settings.imagePrefix).toBeNull();
});

test("while nothing is known of a cluster, a change keeps the certificate that callers trust", async () => {
  await changeTarget(admin, "prod", { publicHost: "models.example.org" });
  const id = await make("trusted", { endpoint: { tls: { mode: "self-signed" } } });
  const before = (await getDeployment(member, id)).spec.endpoint.tls;
  expect(before.certificate?.names).toContain("models.example.org");
  await found({ trouble: { code: "dns", message: "Its name leads nowhere.", todo: "" } });
  const patch = { model: { image: "registry.example.org/chat:2" } };
  expect((await previewDeployment(member, { deployment: id, ...patch })).spec.endpoint.tls).toEqual(before);
  expect((await updateDeployment(member, id, patch)).spec.endpoint.tls).toEqual(before);
});

test("another tag of an image keeps what was asked for its replicas; another kind of model doesn't", async () => {
  const resources = { cpu: "4", memory: "16Gi", gpus: 1 };
  const model = { ...image, port: 9000, runAsRoot: true };
  const id = await make("large", { model, resources, healthPath: "/ready" });
  const tagged = await updateDeployment(member, id, { model: { image: "registry.example.org/chat:2" } });
  expect(tagged.spec.variants[0]).toMatchObject({
    model: { image: "registry.example.org/chat:2", port: 9000, runAsRoot: true },
    resources,
    healthPath: "/ready",
  });
  const moved = await updateDeployment(member, id, { model: { ...image, healthPath: "/live" } });
  expect(moved.spec.variants[0]).toMatchObject({ resources, healthPath: "/live" });
  await changeTarget(admin, "prod", { imagePrefix: "registry.example.org/sluice" });
  const ours = await updateDeployment(member, id, { model: { preset: "sentiment" } });
  expect(ours.spec.variants[0]?.resources).toEqual({ cpu: "250m", memory: "320Mi", gpus: 0 });
});
