import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { SealingContext } from "#lib/context.ts";
import { createDeployment } from "#lib/deployments/create.ts";
import { destroyDeployment } from "#lib/deployments/destroy.ts";
import { forgetDeployment } from "#lib/deployments/forget.ts";
import { retryDeployment } from "#lib/deployments/retry.ts";
import { begin } from "#lib/operations/begin.ts";
import { cancel } from "#lib/operations/cancel.ts";
import { finish, type Outcome } from "#lib/operations/finish.ts";
import { success } from "#lib/operations/queue-for-test.ts";
import { record } from "#lib/operations/record.ts";
import type { OperationEvent } from "#lib/operations/events.ts";
import { seal } from "#lib/secrets/seal.ts";
import { registerClusterForTest } from "#lib/targets/cluster-for-test.ts";
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
  await portal.db.job.deleteMany();
  await portal.db.auditEntry.deleteMany();
  await portal.db.target.deleteMany();
  await registerClusterForTest(admin);
});

const unreachable: Outcome = {
  status: "failed",
  code: "target_unreachable",
  message: "Nothing listens at the cluster's address.",
  deployment: { status: "failed", code: "target_unreachable", message: "Nothing listens there." },
};

const worker = () => ({ workerId: "w", host: "h", targets: ["local", "kubernetes"], clock: portal.clock });

/** Works off what waits, in the way of a worker. */
async function work(outcome: Outcome, events: OperationEvent[] = []) {
  const begun = (await begin(portal.db, worker()))!;
  const at = portal.clock.now();
  if (events.length > 0)
    await record(
      portal.db,
      begun,
      events.map((event) => ({ at, event })),
    );
  expect(await finish(portal.db, begun, outcome, portal.clock)).toBe(true);
  portal.clock.move(1_000);
  return begun;
}

const step = (type: string, name: string, change: "create" | "delete"): OperationEvent[] => [
  { kind: "resource_started", resource: { type, name }, change },
  { kind: "resource_ended", resource: { type, name }, change, ok: true, durationMs: 1 },
];
const types = {
  namespace: "kubernetes:core/v1:Namespace",
  service: "kubernetes:core/v1:Service",
  deployment: "kubernetes:apps/v1:Deployment",
};
const make = (target = "prod") =>
  createDeployment(member, {
    name: "chat",
    target,
    model: target === "local" ? { preset: "sentiment" } : { image: "registry.example.org/chat:1" },
  });

/** Made in the cluster, where its tear-down then failed. */
async function stranded() {
  const { id } = await make();
  const namespace = `sluice-${id}`;
  const made = await work(success, [
    ...step(types.namespace, namespace, "create"),
    ...step(types.service, "endpoint", "create"),
    ...step(types.deployment, "proxy", "create"),
  ]);
  await destroyDeployment(member, id);
  await work(unreachable, step(types.service, "endpoint", "delete"));
  return { id, namespace, operationId: made.operationId };
}

test("one whose tear-down the cluster didn't answer is given up, with a list of all that may stay, and audited", async () => {
  const { id, namespace, operationId } = await stranded();
  const resource = (type: string, name: string) => ({
    type,
    urn: `urn:pulumi:${id}::sluice::${type}::${name}`,
  });
  const resources = [
    resource("pulumi:providers:kubernetes", "cluster"),
    resource(types.namespace, namespace),
    resource(types.service, "endpoint"),
    resource(types.service, "model-main"),
  ];
  const pending_operations = [
    { type: "creating", resource: resource(types.deployment, "model-main") },
    { type: "updating", resource: resource(types.service, "endpoint") },
  ];
  const sealed = seal(
    portal.sealingKey,
    id,
    JSON.stringify({ version: 3, deployment: { resources, pending_operations } }),
  );
  await portal.db.stackExport.create({ data: { id: "exp-1", operationId, sealed } });

  const { fence } = await portal.db.deployment.findUniqueOrThrow({ where: { id } });
  const gone = await forgetDeployment(member, id);
  expect(gone).toMatchObject({ status: "destroyed", endpoint: null, statusCode: null });
  expect(gone.receipt?.remaining).toEqual(
    [
      `Namespace ${namespace}`,
      `Service ${namespace}/model-main`,
      `Deployment ${namespace}/model-main`,
      `Deployment ${namespace}/proxy`,
      `Secret ${namespace}/proxy-keys`,
    ].map((what) => ({ kind: "object", what })),
  );
  expect(gone.receipt?.created.map(({ name }) => name)).toEqual([namespace, "endpoint", "proxy"]);
  expect(gone.receipt?.deleted.map(({ name }) => name)).toEqual(["endpoint"]);
  const row = await portal.db.deployment.findUniqueOrThrow({ where: { id } });
  expect(row.fence).toBeGreaterThan(fence);
  expect(row).toMatchObject({ stackSecrets: null, probeKey: null, destroyedAt: expect.any(Date) as Date });
  expect(await portal.db.stackExport.count()).toBe(0);
  expect(
    await portal.db.auditEntry.findFirstOrThrow({ where: { action: "deployment.forget" } }),
  ).toMatchObject({
    subjectId: id,
    detail: { name: "chat", remaining: expect.arrayContaining([`Namespace ${namespace}`]) as string[] },
  });
  expect(await portal.db.job.findFirst({ where: { kind: "forget", subjectId: id } })).not.toBeNull();

  // Its name is free, its cluster may go, and asking for its tear-down begins none.
  await expect(forgetDeployment(member, id)).rejects.toMatchObject({ code: "conflict" });
  await expect(retryDeployment(member, id)).rejects.toMatchObject({ code: "conflict" });
  expect(await destroyDeployment(member, id)).toMatchObject({ kind: "destroy", status: "failed" });
  expect(await portal.db.operation.count({ where: { status: "queued" } })).toBe(0);
  await removeTarget(admin, "prod");
});

test("where no memory of the engine's was kept, what the operations made is listed", async () => {
  const { id, namespace } = await stranded();
  const { receipt } = await forgetDeployment(member, id);
  expect(receipt?.remaining.map(({ what }) => what)).toEqual([
    `Namespace ${namespace}`,
    `Deployment ${namespace}/proxy`,
    `Secret ${namespace}/proxy-keys`,
  ]);
});

test("one whose tear-down never began isn't given up, whether it serves or is still worked on", async () => {
  const { id } = await make();
  const refused = () => expect(forgetDeployment(member, id)).rejects.toMatchObject({ code: "conflict" });
  const running = (await begin(portal.db, worker()))!;
  const { id: tearDown } = await destroyDeployment(member, id);
  await cancel(member, { operationId: tearDown });
  await refused();
  await finish(portal.db, running, success, portal.clock);
  await refused();
  expect(await portal.db.deployment.findUniqueOrThrow({ where: { id } })).toMatchObject({ status: "ready" });
});

test("only after a tear-down that failed, only on a cluster, and only one's own", async () => {
  const { id } = await make();
  const refused = () => expect(forgetDeployment(member, id)).rejects.toMatchObject({ code: "conflict" });
  await refused();
  await work(unreachable);
  await refused();
  await destroyDeployment(member, id);
  await refused();
  await work(unreachable);
  const stranger = await portal.person(`Edith-${id}`);
  await expect(forgetDeployment(stranger, id)).rejects.toMatchObject({ code: "not_found" });
  await retryDeployment(member, id);
  await refused();
  // One that was stopped in the middle came to no end either.
  await work({ ...unreachable, status: "interrupted", code: "interrupted" });
  expect((await forgetDeployment(member, id)).status).toBe("destroyed");

  const local = await make("local");
  await destroyDeployment(member, local.id);
  while ((await portal.db.operation.count({ where: { status: "queued" } })) > 0) await work(unreachable);
  await expect(forgetDeployment(member, local.id)).rejects.toMatchObject({ code: "conflict" });
});
