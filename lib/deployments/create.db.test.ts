import { afterAll, beforeAll, expect, test } from "vitest";
import type { Tx } from "#lib/db.ts";
import { createDeployment } from "#lib/deployments/create.ts";
import { portalPortSetting } from "#lib/deployments/port-conflict.ts";
import { getDeployment } from "#lib/deployments/get.ts";
import { registerClusterForTest } from "#lib/targets/cluster-for-test.ts";
import { lockTarget } from "#lib/targets/find-target.ts";
import { deploymentView } from "#lib/web/answer-schemas.ts";
import { testPortal, type TestPortal } from "#lib/web/portal-for-test.ts";
import { unseal } from "#lib/secrets/seal.ts";
import { waitForWaiters } from "#prisma/wait-for-waiters.ts";

let portal: TestPortal;
beforeAll(async () => {
  portal = await testPortal();
});
afterAll(() => portal.drop());

const sentiment = { target: "local", model: { preset: "sentiment" } };

test("a deployment, its revision, operation, first event, probe key and audit row are made together", async () => {
  const ada = await portal.person("Ada");
  const made = await createDeployment(ada, { ...sentiment, name: "first", ttlMinutes: 60 });
  expect(deploymentView.strict().parse(made)).toEqual(made);
  expect(made).toMatchObject({
    status: "queued",
    owner: { id: ada.userId, name: "Ada" },
    revision: 1,
    replicas: { desired: 1, ready: 0 },
    endpoint: null,
    models: ["Sentiment and entities"],
    operation: { kind: "deploy", status: "queued", by: "Ada", lastSeq: 1 },
    expiresAt: "2026-11-22T13:00:00.000Z",
  });
  const key = await ada.db.endpointKey.findFirstOrThrow({ where: { deploymentId: made.id } });
  expect(key.purpose).toBe("probe");
  const row = await ada.db.deployment.findUniqueOrThrow({ where: { id: made.id } });
  expect(unseal(ada.sealingKey, made.id, row.probeKey ?? "")).toMatch(/^slp_/);
  const audit = await ada.db.auditEntry.findMany({ where: { subjectId: made.id } });
  expect(audit.map((entry) => [entry.actorId, entry.action])).toEqual([[ada.userId, "deployment.create"]]);
});

test("of two at once with one name, one is made and the other told that the name is taken", async () => {
  const bob = await portal.person("Bob");
  const both = await Promise.allSettled(
    [1, 2].map(() => createDeployment(bob, { ...sentiment, name: "race" })),
  );
  expect(both.map((result) => result.status).sort()).toEqual(["fulfilled", "rejected"]);
  const refused = both.find((result) => result.status === "rejected");
  expect(refused?.reason).toMatchObject({ code: "name_taken", fields: [{ field: "name" }] });
  expect(await bob.db.deployment.count({ where: { name: "race" } })).toBe(1);
});

test("a destroyed one's name is free; the name answers for the live one, else the latest", async () => {
  const cyd = await portal.person("Cyd");
  const first = await createDeployment(cyd, { ...sentiment, name: "again" });
  await cyd.db.deployment.update({ where: { id: first.id }, data: { status: "destroyed" } });
  expect((await getDeployment(cyd, "again")).id).toBe(first.id);
  portal.clock.move(1000);
  const second = await createDeployment(cyd, { ...sentiment, name: "again" });
  expect((await getDeployment(cyd, "again")).id).toBe(second.id);
  expect((await getDeployment(cyd, first.id)).id).toBe(first.id);
  await cyd.db.deployment.update({ where: { id: second.id }, data: { status: "destroyed" } });
  expect((await getDeployment(cyd, "again")).id).toBe(second.id);
});

test("the portal's own port is refused, before anything is queued", async () => {
  await portal.db.setting.create({ data: { name: portalPortSetting, value: "4800" } });
  const gil = await portal.person("Gil");
  await expect(
    createDeployment(gil, { ...sentiment, name: "port-own", endpoint: { port: 4800 } }),
  ).rejects.toMatchObject({
    fields: [
      {
        field: "endpoint.port",
        message: "Port 4800 is the portal's own. Choose another, or leave it empty for a free one.",
      },
    ],
  });
});

test("a port that another live deployment asks for or has is refused, at once too", async () => {
  const dee = await portal.person("Dee");
  const on = (port: number, name: string) =>
    createDeployment(dee, { ...sentiment, name, endpoint: { port } });
  const race = await Promise.allSettled([on(4801, "port-a"), on(4801, "port-b")]);
  expect(race.map((result) => result.status).sort()).toEqual(["fulfilled", "rejected"]);
  expect(race.find((result) => result.status === "rejected")?.reason).toMatchObject({
    code: "invalid",
    fields: [
      {
        field: "endpoint.port",
        message: "Port 4801 is another deployment's. Choose another, or leave it empty for a free one.",
      },
    ],
  });
  const other = await createDeployment(dee, { ...sentiment, name: "port-c" });
  const endpoint = { url: "http://127.0.0.1:4802", ip: "127.0.0.1", port: 4802, access: "private" };
  await dee.db.deployment.update({ where: { id: other.id }, data: { endpoint } });
  await expect(on(4802, "port-d")).rejects.toMatchObject({ code: "invalid" });
  await dee.db.deployment.update({ where: { id: other.id }, data: { status: "destroyed" } });
  expect((await on(4802, "port-d")).spec.endpoint.port).toBe(4802);
});

test("another person's deployment isn't there; an admin sees it", async () => {
  const eve = await portal.person("Eve");
  const mallory = await portal.person("Mallory");
  const admin = await portal.person("Root", "admin");
  const made = await createDeployment(eve, { ...sentiment, name: "private" });
  for (const asked of [made.id, "private"]) {
    await expect(getDeployment(mallory, asked)).rejects.toMatchObject({
      code: "not_found",
      message: "There is no such deployment, or it isn't yours.",
    });
    expect((await getDeployment(admin, asked)).id).toBe(made.id);
  }
  await expect(createDeployment(mallory, { ...sentiment, name: "private" })).rejects.toMatchObject({
    code: "name_taken",
  });
});

test("Sluice's own processes make no deployments", async () => {
  const ctx = { ...(await portal.person("Fay")), actor: { type: "worker" as const, id: "w" } };
  await expect(createDeployment(ctx, { ...sentiment, name: "mine" })).rejects.toMatchObject({
    code: "forbidden",
  });
});

test("a cluster that is removed while something is made there is a problem of the field target", async () => {
  const [admin, hal] = [await portal.person("Boss", "admin"), await portal.person("Hal")];
  await registerClusterForTest(admin);
  const { id } = await portal.db.target.findFirstOrThrow();
  const input = { name: "late", target: "prod", model: { image: "registry.example.org/chat:1" } };
  let refused: Promise<unknown> | undefined;
  const remove = async (removal: Tx) => {
    await lockTarget(removal, id);
    refused = createDeployment(hal, input).then(
      () => null,
      (error: unknown) => error,
    );
    await waitForWaiters(portal.db);
    await removal.target.update({ where: { id }, data: { removedAt: portal.clock.now() } });
  };
  await portal.db.$transaction(remove, { timeout: 15_000 });
  expect(await refused).toMatchObject({
    code: "invalid",
    fields: [{ field: "target", message: "prod was removed just now. Choose another target." }],
  });
  expect(await portal.db.deployment.count({ where: { name: "late" } })).toBe(0);
});
