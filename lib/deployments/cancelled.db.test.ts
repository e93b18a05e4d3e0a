import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { SealingContext } from "#lib/context.ts";
import { createDeployment } from "#lib/deployments/create.ts";
import { destroyDeployment } from "#lib/deployments/destroy.ts";
import { getDeployment } from "#lib/deployments/get.ts";
import { retryDeployment } from "#lib/deployments/retry.ts";
import { revisionAuthor } from "#lib/deployments/revision-author.ts";
import { updateDeployment } from "#lib/deployments/update.ts";
import { cancel } from "#lib/operations/cancel.ts";
import { finish, type Outcome } from "#lib/operations/finish.ts";
import { stopped, success, take } from "#lib/operations/queue-for-test.ts";
import { testPortal, type TestPortal } from "#lib/web/portal-for-test.ts";

let portal: TestPortal;
let ctx: SealingContext;
let admin: SealingContext;
beforeAll(async () => {
  portal = await testPortal();
  ctx = await portal.person("Ada");
  admin = await portal.person("Root", "admin");
});
afterAll(() => portal.drop());
beforeEach(() => portal.db.deployment.deleteMany());

const name = "chat";
const scaling = (minReplicas: number) => ({ scaling: { minReplicas } });
const secretOf = (value: string) => ({ env: [{ name: "TOKEN", secret: value }] });

/** Works off what waits, in the way of a worker. */
async function work(outcome: Outcome = success) {
  const begun = await take(portal.db, portal.clock);
  await finish(portal.db, begun!, outcome, portal.clock);
  portal.clock.move(1_000);
}
const make = () => createDeployment(ctx, { name, target: "local", model: { preset: "sentiment" } });
async function ready() {
  await make();
  await work();
}
/** A change by an admin, and its cancel. */
async function change(patch: object) {
  portal.clock.move(1_000);
  const { operation } = await updateDeployment(admin, name, patch);
  return () => cancel(ctx, { operationId: operation.id });
}
const asked = () => getDeployment(ctx, name);
const least = async () => (await asked()).spec.variants[0]?.scaling.minReplicas;
const nothingToRetry = { code: "conflict", message: expect.stringContaining("nothing to retry") as string };

test("what was cancelled before it began doesn't come along with the next change", async () => {
  await ready();
  const before = await asked();
  await (
    await change({ ...secretOf("canary"), ...scaling(2) })
  )();
  expect(await asked()).toEqual(before);
  expect(await revisionAuthor(ctx, before.id)).toBe("Ada");
  expect(await portal.db.secret.count()).toBe(0);
  await change({ endpoint: { access: "open" } });
  expect(await asked()).toMatchObject({ revision: 3, spec: { env: [] } });
  expect(await least()).toBe(1);
});

test("of several that wait, each that is cancelled goes back to what still is to come", async () => {
  await ready();
  const [two, three, four] = [
    await change(scaling(2)),
    await change(scaling(3)),
    await change({ endpoint: { access: "open" } }),
  ];
  await three();
  expect(await asked()).toMatchObject({ revision: 4, operation: { revision: 4, status: "queued" } });
  await four();
  expect(await asked()).toMatchObject({ revision: 2, operation: { revision: 2, status: "queued" } });
  await two();
  expect(await asked()).toMatchObject({ revision: 1, operation: { kind: "deploy", status: "succeeded" } });
});

test("one that began stays asked for, though it failed; so does the time to live, which holds at once", async () => {
  await ready();
  await updateDeployment(ctx, name, scaling(2));
  await work(stopped);
  const cancelThird = await change(scaling(3));
  const { expiresAt } = await updateDeployment(ctx, name, { ttlMinutes: 30 });
  await cancelThird();
  expect(await least()).toBe(2);
  expect(await asked()).toMatchObject({ revision: 5, expiresAt, spec: { ttlMinutes: 30 } });
  await (
    await change(scaling(3))
  )();
  expect(await asked()).toMatchObject({ revision: 5, operation: { revision: 2, status: "interrupted" } });
  expect(await retryDeployment(ctx, name)).toMatchObject({ kind: "update", revision: 5 });
});

test("a tear-down that never began isn't retried, and what it cancelled isn't asked for any more", async () => {
  await ready();
  await change(scaling(2));
  const { id: operationId } = await destroyDeployment(ctx, name);
  await cancel(ctx, { operationId });
  expect(await asked()).toMatchObject({
    status: "ready",
    revision: 1,
    operation: { kind: "deploy", status: "succeeded" },
  });
  await expect(retryDeployment(ctx, name)).rejects.toMatchObject(nothingToRetry);
});

test("a tear-down that began is retried, whatever was cancelled since", async () => {
  await ready();
  await destroyDeployment(ctx, name);
  await work(stopped);
  const { id: operationId } = await destroyDeployment(ctx, name);
  await cancel(ctx, { operationId });
  expect(await retryDeployment(ctx, name)).toMatchObject({ kind: "destroy", status: "queued" });
});

test("where nothing ever began, a retry makes what was asked for last, and tears nothing down", async () => {
  const { operation } = await make();
  await cancel(ctx, { operationId: operation.id });
  await (
    await change(scaling(2))
  )();
  const { id: operationId } = await destroyDeployment(ctx, name);
  await cancel(ctx, { operationId });
  expect(await asked()).toMatchObject({ status: "failed", statusCode: "cancelled", revision: 2 });
  const retried = await retryDeployment(ctx, name);
  expect(retried).toMatchObject({ kind: "update", status: "queued", revision: 2 });
  expect(await asked()).toMatchObject({ operation: { id: retried.id } });
});
