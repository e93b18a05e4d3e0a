import { afterAll, beforeAll, expect, test } from "vitest";
import type { Tx } from "#lib/db.ts";
import { createDeployment } from "#lib/deployments/create.ts";
import { loadViews } from "#lib/deployments/load-views.ts";
import { updateDeployment } from "#lib/deployments/update.ts";
import { Prisma } from "#prisma/generated/client.ts";
import { waitForWaiters } from "#prisma/wait-for-waiters.ts";
import { testPortal, type TestPortal } from "#lib/web/portal-for-test.ts";

let portal: TestPortal;
beforeAll(async () => {
  portal = await testPortal();
});
afterAll(() => portal.drop());

const sentiment = { target: "local", model: { preset: "sentiment" } };

test.each(["operation", "deployment"])(
  "a deployment and its operation are of one moment, whichever changes while %s is read",
  async (table) => {
    const ada = await portal.person(`Ada-${table}`);
    const { id } = await createDeployment(ada, { ...sentiment, name: `chat-${table}` });
    let views: ReturnType<typeof loadViews> | undefined;
    const change = async (tx: Tx) => {
      await tx.$executeRaw`lock table ${Prisma.raw(table)} in access exclusive mode`;
      views = loadViews(portal.db, [id], portal.clock.now());
      await waitForWaiters(portal.db);
      await tx.deployment.update({ where: { id }, data: { status: "ready" } });
      await tx.operation.updateMany({ where: { deploymentId: id }, data: { status: "succeeded" } });
    };
    await portal.db.$transaction(change, { timeout: 15_000 });
    const [view] = await views!;
    expect([view?.status, view?.operation.status]).toEqual(["ready", "succeeded"]);
  },
);

test("views are in the order that was asked for, each with its newest revision and operation", async () => {
  const bob = await portal.person("Bob");
  const admin = await portal.person("Root", "admin");
  const first = await createDeployment(bob, { ...sentiment, name: "first" });
  const second = await createDeployment(bob, { ...sentiment, name: "second" });
  portal.clock.move(1_000);
  const changed = await updateDeployment(admin, second.id, { endpoint: { access: "open" } });
  const longer = await updateDeployment(bob, second.id, { ttlMinutes: 60 });
  const ids = [second.id, "dep-nobodys", first.id];
  const views = await loadViews(portal.db, ids, portal.clock.now());
  expect(views.map(({ name }) => name)).toEqual(["second", "first"]);
  expect(views[0]).toEqual(longer);
  expect(views[0]).toMatchObject({
    owner: { id: bob.userId, name: "Bob" },
    revision: 3,
    operation: { id: changed.operation.id, kind: "update", revision: 2, by: "Root" },
  });
  expect(views[1]).toEqual(first);
});
