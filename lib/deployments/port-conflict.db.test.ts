import { afterAll, beforeAll, expect, test } from "vitest";
import { createDeployment } from "#lib/deployments/create.ts";
import { portProblems } from "#lib/deployments/port-conflict.ts";
import { updateDeployment } from "#lib/deployments/update.ts";
import { newId } from "#lib/ids.ts";
import { testPortal, type TestPortal } from "#lib/web/portal-for-test.ts";

let portal: TestPortal;
beforeAll(async () => {
  portal = await testPortal();
});
afterAll(() => portal.drop());

const none = { port: null, redirectFrom: null };
const fieldsOf = async (ports: object, of = newId("dep")) =>
  (await portProblems(portal.db, { ...none, ...ports }, of)).map(({ field }) => field);

async function make(name: string, port: number, tls?: { redirectFrom: number }) {
  const ctx = await portal.person(name);
  const endpoint = { port, ...(tls && { tls: { mode: "self-signed" }, ...tls }) };
  const { id } = await createDeployment(ctx, {
    name,
    target: "local",
    model: { preset: "sentiment" },
    endpoint,
  });
  return { id, move: (to: object) => updateDeployment(ctx, id, { endpoint: to }) };
}

const end = (deploymentId: string, status: string) =>
  portal.db.operation.updateMany({
    where: { deploymentId, status: { in: ["queued", "running"] } },
    data: { status },
  });

test("a port counts as another's while an operation for it waits, though a newer change wants another", async () => {
  const { id, move } = await make("waiting", 5100, { redirectFrom: 5101 });
  await move({ port: 5102 });
  expect(await fieldsOf({ port: 5100 })).toEqual(["endpoint.port"]);
  expect(await fieldsOf({ port: 5101 })).toEqual(["endpoint.port"]);
  expect(await fieldsOf({ port: 5103, redirectFrom: 5102 })).toEqual(["endpoint.redirectFrom"]);
  expect(await fieldsOf({ port: 5100 }, id)).toEqual([]);
});

test("what last succeeded may come back, so its ports stay its own; what failed before it doesn't", async () => {
  const { id, move } = await make("failed", 5200);
  await end(id, "failed");
  await move({ port: 5201 });
  await end(id, "succeeded");
  await move({ port: 5202 });
  await end(id, "failed");
  expect(await fieldsOf({ port: 5200 })).toEqual([]);
  expect(await fieldsOf({ port: 5201 })).toEqual(["endpoint.port"]);
  expect(await fieldsOf({ port: 5202 })).toEqual(["endpoint.port"]);
});

test("only deployments on this machine compete for its ports", async () => {
  const { id } = await make("elsewhere", 5300);
  const endpoint = { url: "http://10.0.0.7:5301", ip: "10.0.0.7", port: 5301, access: "open" };
  await portal.db.deployment.update({ where: { id }, data: { endpoint } });
  expect(await fieldsOf({ port: 5301 })).toEqual(["endpoint.port"]);
  await portal.db.deployment.update({ where: { id }, data: { target: "kubernetes" } });
  expect(await fieldsOf({ port: 5301 })).toEqual([]);
});

test("the port that was given to an endpoint can't redirect to itself, unless the endpoint leaves it", async () => {
  const { id } = await make("own", 5400);
  const endpoint = { url: "http://127.0.0.1:5401", ip: "127.0.0.1", port: 5401, access: "open" };
  await portal.db.deployment.update({ where: { id }, data: { endpoint } });
  expect(await portProblems(portal.db, { port: null, redirectFrom: 5401 }, id)).toEqual([
    {
      field: "endpoint.redirectFrom",
      message: "Port 5401 is the endpoint's own. Choose another, or leave it empty for no redirect.",
    },
  ]);
  expect(await fieldsOf({ port: 5402, redirectFrom: 5401 }, id)).toEqual([]);
});
