import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "#lib/clock.ts";
import { createDeployment } from "#lib/deployments/create.ts";
import { destroyDeployment } from "#lib/deployments/destroy.ts";
import { getDeployment } from "#lib/deployments/get.ts";
import { previewDeployment } from "#lib/deployments/preview.ts";
import { retryDeployment } from "#lib/deployments/retry.ts";
import { updateDeployment } from "#lib/deployments/update.ts";
import { begin, type Begun } from "#lib/operations/begin.ts";
import { finish } from "#lib/operations/finish.ts";
import type { Context } from "#lib/context.ts";
import type { DeploymentStatus } from "#lib/deployments/status.ts";
import { testPortal, type TestPortal } from "#lib/web/portal-for-test.ts";

let portal: TestPortal;
beforeAll(async () => {
  portal = await testPortal();
});
afterAll(() => portal.drop());

const sentiment = { target: "local", model: { preset: "sentiment" } };

async function work(ctx: Context): Promise<Begun> {
  const worker = { workerId: "w", host: "h", targets: ["local"], clock: systemClock };
  const begun = await begin(ctx.db, worker);
  if (!begun) throw new Error("Nothing is queued.");
  return begun;
}

async function end(
  ctx: Context,
  begun: Begun,
  status: "succeeded" | "failed" | "cancelled",
  to: DeploymentStatus,
) {
  const code = status === "failed" ? ("probe_failed" as const) : null;
  await finish(
    ctx.db,
    begun,
    { status, code, message: null, deployment: { status: to, code, message: null } },
    systemClock,
  );
}

async function deployed(name: string, extra: object = {}) {
  const ctx = await portal.person(name.toUpperCase());
  const made = await createDeployment(ctx, { ...sentiment, name, ...extra });
  await end(ctx, await work(ctx), "succeeded", "ready");
  return { ctx, id: made.id };
}

test("a change is a new revision and an operation; only what is given changes", async () => {
  const { ctx, id } = await deployed("change", {
    scaling: { minReplicas: 1, maxReplicas: 4, targetInFlight: 2 },
  });
  const changed = await updateDeployment(ctx, "change", { scaling: { minReplicas: 2 } });
  expect(changed).toMatchObject({
    id,
    status: "ready",
    revision: 2,
    operation: { kind: "update", status: "queued" },
  });
  expect(changed.spec.variants[0]?.scaling).toEqual({
    minReplicas: 2,
    maxReplicas: 4,
    metric: "inflight",
    targetInFlight: 2,
    targetCpuPercent: 70,
    scaleDownSeconds: 300,
  });
  await expect(updateDeployment(ctx, id, { scaling: { minReplicas: 9 } })).rejects.toMatchObject({
    fields: [{ field: "scaling.maxReplicas", message: "Must be at least the minimum, 9." }],
  });
  await end(ctx, await work(ctx), "succeeded", "ready");
});

test("what is the same already changes nothing", async () => {
  const { ctx, id } = await deployed("same");
  const before = await getDeployment(ctx, id);
  expect(
    await updateDeployment(ctx, id, { scaling: { minReplicas: 1 }, endpoint: { access: "private" } }),
  ).toEqual(before);
  expect(await updateDeployment(ctx, id, {})).toEqual(before);
});

test("another time to live needs no operation and counts from now", async () => {
  const { ctx, id } = await deployed("ttl");
  const changed = await updateDeployment(ctx, id, { ttlMinutes: 30 });
  const half = new Date(portal.clock.now().getTime() + 30 * 60_000).toISOString();
  expect([changed.expiresAt, changed.spec.ttlMinutes, changed.operation.kind]).toEqual([half, 30, "deploy"]);
  portal.clock.move(60_000);
  const renewed = await updateDeployment(ctx, id, { ttlMinutes: 30 });
  expect(renewed.expiresAt).toBe(new Date(portal.clock.now().getTime() + 30 * 60_000).toISOString());
  expect((await updateDeployment(ctx, id, { ttlMinutes: null })).expiresAt).toBeNull();
});

test("name and target stay, and strangers are refused", async () => {
  const { ctx, id } = await deployed("fixed");
  await expect(updateDeployment(ctx, id, { name: "other", target: "gke" })).rejects.toMatchObject({
    fields: [
      { field: "name", message: "A deployment's name can't be changed. Make a new deployment." },
      { field: "target", message: "A deployment's target can't be changed. Make a new deployment." },
    ],
  });
  await expect(updateDeployment(ctx, id, { colour: 1 })).rejects.toMatchObject({
    fields: [{ field: "colour", message: "There is no such field." }],
  });
  await expect(updateDeployment(ctx, id, [])).rejects.toMatchObject({ code: "invalid" });
});

test("variants replace the short form, and go back to it", async () => {
  const { ctx, id } = await deployed("split");
  const variants = [
    { name: "a", model: { preset: "sentiment" }, weight: 90 },
    { name: "b", model: { preset: "sentiment" }, weight: 10 },
  ];
  const split = await updateDeployment(ctx, id, { variants });
  expect(split.spec.variants.map((v) => [v.name, v.weight])).toEqual([
    ["a", 90],
    ["b", 10],
  ]);
  await expect(updateDeployment(ctx, id, { scaling: { minReplicas: 2 } })).rejects.toMatchObject({
    fields: [{ field: "scaling", message: "Say this for each variant, or leave out `variants`." }],
  });
  await expect(
    updateDeployment(ctx, id, { routing: { rules: [{ variant: "main", pathPrefix: "/x" }] } }),
  ).rejects.toMatchObject({ fields: [{ field: "routing.rules.0.variant" }] });
  await end(ctx, await work(ctx), "succeeded", "ready");
});

test("a preview of a change lists it and writes nothing", async () => {
  const { ctx, id } = await deployed("look");
  const before = await ctx.db.revision.count();
  const preview = await previewDeployment(ctx, {
    deployment: "look",
    scaling: { minReplicas: 2 },
    endpoint: { port: 4900 },
  });
  expect(preview.changes.map((c) => [c.name, c.change, c.fields])).toEqual([
    ["endpoint", "replace", ["port"]],
    ["main", "update", ["scaling"]],
    ["main", "same", []],
    ["routes", "same", []],
  ]);
  expect(await ctx.db.revision.count()).toBe(before);
  await expect(previewDeployment(ctx, { ...sentiment, name: "look" })).rejects.toMatchObject({
    code: "name_taken",
  });
  const fresh = await previewDeployment(ctx, {
    ...sentiment,
    name: "new",
    env: [{ name: "S", secret: "x" }],
  });
  expect(fresh.changes.map((c) => c.change)).toEqual(["create", "create", "create", "create"]);
  expect(fresh.spec.env).toEqual([{ name: "S", secret: true }]);
  const mallory = await portal.person("Mallory2");
  await expect(previewDeployment(mallory, { deployment: id })).rejects.toMatchObject({ code: "not_found" });
});

test("a tear-down while it deploys asks that to stop and waits behind it; asked twice it is the same", async () => {
  const ctx = await portal.person("Tess");
  const made = await createDeployment(ctx, { ...sentiment, name: "tear" });
  const running = await work(ctx);
  await updateDeployment(ctx, made.id, { scaling: { minReplicas: 2 } });
  const [one, two] = await Promise.all([destroyDeployment(ctx, "tear"), destroyDeployment(ctx, made.id)]);
  expect(one.id).toBe(two.id);
  expect(one).toMatchObject({ kind: "destroy", status: "queued" });
  const operations = await ctx.db.operation.findMany({
    where: { deploymentId: made.id },
    orderBy: { queuedAt: "asc" },
  });
  expect(operations.map((o) => [o.kind, o.status, o.cancelRequestedAt !== null])).toEqual([
    ["deploy", "running", true],
    ["update", "cancelled", true],
    ["destroy", "queued", false],
  ]);
  await expect(updateDeployment(ctx, made.id, { scaling: { minReplicas: 3 } })).rejects.toMatchObject({
    code: "conflict",
    message: "tear is being torn down.",
  });
  await end(ctx, running, "cancelled", "failed");
  await end(ctx, await work(ctx), "succeeded", "destroyed");
  expect((await destroyDeployment(ctx, made.id)).id).toBe(one.id);
  await expect(updateDeployment(ctx, made.id, {})).rejects.toMatchObject({ code: "conflict" });
  await expect(previewDeployment(ctx, { deployment: made.id })).rejects.toMatchObject({ code: "conflict" });
  await expect(retryDeployment(ctx, made.id)).rejects.toMatchObject({ code: "conflict" });
});

test("after a tear-down that failed, the next one is new", async () => {
  const { ctx, id } = await deployed("left");
  const first = await destroyDeployment(ctx, id);
  await end(ctx, await work(ctx), "failed", "failed");
  const second = await destroyDeployment(ctx, id);
  expect(second.id).not.toBe(first.id);
  await end(ctx, await work(ctx), "succeeded", "destroyed");
});

test("a retry does what failed again, once", async () => {
  const ctx = await portal.person("Rae");
  const made = await createDeployment(ctx, { ...sentiment, name: "retry" });
  await end(ctx, await work(ctx), "failed", "failed");
  const [one, two] = await Promise.all([retryDeployment(ctx, "retry"), retryDeployment(ctx, made.id)]);
  expect(one.id).toBe(two.id);
  expect(one).toMatchObject({ kind: "deploy", status: "queued" });
  await end(ctx, await work(ctx), "succeeded", "ready");
  await expect(retryDeployment(ctx, made.id)).rejects.toMatchObject({
    code: "conflict",
    message: "Its last operation succeeded: there is nothing to retry.",
  });
});

test("another person can change, tear down and retry nothing", async () => {
  const { id } = await deployed("theirs");
  const mallory = await portal.person("Mallory3");
  await expect(updateDeployment(mallory, id, {})).rejects.toMatchObject({ code: "not_found" });
  await expect(destroyDeployment(mallory, "theirs")).rejects.toMatchObject({ code: "not_found" });
  await expect(retryDeployment(mallory, id)).rejects.toMatchObject({ code: "not_found" });
  const admin = await portal.person("Root3", "admin");
  expect((await destroyDeployment(admin, id)).by).toBe("Root3");
});

test("a change that was made from another revision than it is at changes nothing", async () => {
  const { ctx, id } = await deployed("two-people");
  await updateDeployment(ctx, id, { env: [{ name: "THEIRS", value: "1" }], revision: 1 });
  const mine = { env: [{ name: "MINE", value: "1" }] };
  await expect(updateDeployment(ctx, id, { ...mine, revision: 1 })).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringContaining("it is at revision 2, and this change was made from revision 1"),
  });
  await expect(updateDeployment(ctx, id, { ...mine, revision: "2" })).rejects.toMatchObject({
    code: "invalid",
    fields: [expect.objectContaining({ field: "revision" })],
  });
  expect((await getDeployment(ctx, id)).spec.env).toEqual([{ name: "THEIRS", value: "1" }]);
  expect((await updateDeployment(ctx, id, { ...mine, revision: 2 })).spec.env).toEqual(mine.env);
});
