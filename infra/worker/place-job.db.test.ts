import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { placeJob } from "#infra/worker/place-job.ts";
import type { SealingContext } from "#lib/context.ts";
import { createDeployment } from "#lib/deployments/create.ts";
import { readSpec } from "#lib/deployments/to-view.ts";
import { updateDeployment } from "#lib/deployments/update.ts";
import {
  findClusterForTest,
  registerClusterForTest,
  takePrefixAwayForTest,
} from "#lib/targets/cluster-for-test.ts";
import { removeTarget } from "#lib/targets/remove-target.ts";
import { testPortal, type TestPortal } from "#lib/web/portal-for-test.ts";

let portal: TestPortal;
let admin: SealingContext;
let member: SealingContext;

beforeAll(async () => {
  portal = await testPortal();
  admin = await portal.person("Ada", "admin");
  member = await portal.person("Grace");
});
afterAll(() => portal.drop());
beforeEach(async () => {
  await portal.db.deployment.deleteMany();
  await portal.db.target.deleteMany();
  await registerClusterForTest(admin, { imagePrefix: "registry.example.org/sluice" });
});

async function placed(id: string, isLeaving = false) {
  const row = await portal.db.deployment.findUniqueOrThrow({ where: { id } });
  const revision = await portal.db.revision.findUniqueOrThrow({ where: { id: row.revisionId! } });
  return placeJob(
    { ...admin, home: "/nowhere", googleEndpoint: null },
    row,
    readSpec(revision.spec),
    isLeaving,
  );
}

const secret = {
  name: "chat",
  target: "prod",
  model: { preset: "sentiment" },
  env: [
    { name: "MODE", value: "fast" },
    { name: "TOKEN", secret: "canary-token" },
  ],
  pullSecret: { registry: "registry.example.org", username: "reader", password: "canary-password" },
  endpoint: { tls: { mode: "self-signed" } },
};

test("a member's deployment goes to the cluster, with its secrets opened for the engine alone", async () => {
  const made = await createDeployment(member, secret);
  expect(made).toMatchObject({
    target: "prod",
    targetKind: "kubernetes",
    spec: { pullSecret: { registry: "registry.example.org", username: "reader" } },
  });
  expect(JSON.stringify(made)).not.toContain("canary");
  const { target, plan } = await placed(made.id);
  expect(target).toMatchObject({
    kind: "kubernetes",
    publicHost: null,
    secrets: { env: { MODE: "fast", TOKEN: "canary-token" } },
  });
  if (target.kind !== "kubernetes") throw new Error("It went elsewhere.");
  expect(JSON.parse(target.secrets.pull![".dockerconfigjson"]!)).toEqual({
    auths: {
      "registry.example.org": {
        username: "reader",
        password: "canary-password",
        auth: Buffer.from("reader:canary-password").toString("base64"),
      },
    },
  });
  expect(target.secrets.tls?.["tls.key"]).toContain("PRIVATE KEY");
  expect(JSON.stringify(plan)).not.toContain("canary");
  expect(plan.map(({ name }) => name)).toContain("proxy");
  expect(JSON.stringify(plan)).toContain("registry.example.org/sluice/sluice-sentiment:");
});

test("a password is kept for its registry and user, and given to no other", async () => {
  const { id } = await createDeployment(member, secret);
  await updateDeployment(member, id, { scaling: { minReplicas: 2 } });
  const { target } = await placed(id);
  expect(target.kind === "kubernetes" && target.secrets.pull![".dockerconfigjson"]).toContain(
    "canary-password",
  );
  const elsewhere = { registry: "evil.example.org", username: "reader", keep: true };
  await expect(updateDeployment(member, id, { pullSecret: elsewhere })).rejects.toMatchObject({
    fields: [{ field: "pullSecret.password" }],
  });
  await updateDeployment(member, id, { pullSecret: null });
  expect((await placed(id)).target).not.toHaveProperty("secrets.pull");
});

test("a tear-down needs the way there and nothing else", async () => {
  const { id } = await createDeployment(member, secret);
  const { target, plan } = await placed(id, true);
  expect(target).toMatchObject({ kind: "kubernetes", secrets: { env: {} } });
  expect(plan).toEqual([]);
});

test("without an image prefix a built-in model is refused, at first and later", async () => {
  const { id } = await createDeployment(member, secret);
  await takePrefixAwayForTest(portal.db);
  await expect(placed(id)).rejects.toMatchObject({
    code: "target_refused",
    message: expect.stringContaining("image prefix") as string,
  });
  await expect(createDeployment(member, { ...secret, name: "other" })).rejects.toMatchObject({
    fields: [{ field: "model.preset" }],
  });
});

test("a cluster in trouble takes nothing new; what is there can still be changed", async () => {
  const { id } = await createDeployment(member, secret);
  await findClusterForTest(admin, {
    trouble: { code: "refused", message: "Nothing listens there.", todo: "" },
  });
  await expect(createDeployment(member, { ...secret, name: "other" })).rejects.toMatchObject({
    fields: [{ field: "target", message: "Nothing listens there." }],
  });
  expect((await updateDeployment(member, id, { scaling: { minReplicas: 2 } })).revision).toBe(2);
  await expect(removeTarget(admin, "prod")).rejects.toMatchObject({ code: "conflict" });
});
