import { randomUUID } from "node:crypto";
import { expect } from "vitest";
import type { OnCluster } from "#e2e/cluster/portal/on-cluster.ts";
import { whatIsLeft } from "#e2e/cluster/portal/what-is-left.ts";
import { waitUntil } from "#e2e/cluster/wait-until.ts";
import type { DeploymentView, OperationView } from "#lib/deployments/view.ts";
import type { FailureCode } from "#lib/deployments/status.ts";
import type { TargetView } from "#lib/targets/target-view.ts";

/** A model that echoes, one replica of it, behind a Service alone: as little as can be deployed. */
export function plain(image: string, more: Record<string, unknown> = {}) {
  return {
    model: { image, port: 8080, healthPath: "/healthz", ...more },
    scaling: { minReplicas: 1, metric: "none" },
    resources: { cpu: "10m", memory: "64Mi" },
    routing: { layer: 4 },
    endpoint: { access: "open" },
  };
}

export function named(on: OnCluster, input: Record<string, unknown>) {
  return { name: `trouble-${randomUUID().slice(0, 8)}`, target: on.place.target, ...input };
}

/** Waits until an operation has ended, well or not. */
export function ended(on: OnCluster, { id }: { id: string }, operation: string): Promise<DeploymentView> {
  return on.api.until(id, (d) => d.operation.id === operation && d.operation.finishedAt !== null, 180);
}

/** Asks for an operation, such as `POST /deployments/ID/retry`, and waits until it has ended, well or not. */
export async function operated(
  on: OnCluster,
  method: string,
  deployment: { id: string },
  verb = "",
): Promise<DeploymentView> {
  const asked = await on.api.send<OperationView>(method, `/deployments/${deployment.id}${verb}`);
  expect(asked).toMatchObject({ status: 202 });
  return ended(on, deployment, asked.body.id);
}

/** Deploys what can't succeed: its code, and a sentence that says what to do. */
export async function failing(
  on: OnCluster,
  input: Record<string, unknown>,
  code: FailureCode,
  says: RegExp,
): Promise<DeploymentView> {
  const deployment = await on.api.deploy(named(on, input));
  on.tearDownLater(deployment);
  const failed = await ended(on, deployment, deployment.operation.id);
  expectFailed(failed, code, says);
  return failed;
}

export function expectFailed(deployment: DeploymentView, code: FailureCode, says: RegExp): void {
  expect(deployment).toMatchObject({ status: "failed", statusCode: code });
  expect(deployment.operation).toMatchObject({ errorCode: code });
  expect(deployment.statusMessage).toMatch(says);
  expect(deployment.operation.errorMessage).toMatch(says);
}

/** The lines of the last operation's log. */
export async function logOf(on: OnCluster, { operation }: DeploymentView): Promise<string> {
  const { body } = await on.api.send("GET", `/operations/${operation.id}/events?after=0`, undefined, {
    accept: "application/json",
  });
  return JSON.stringify(body);
}

/** Tears down: nothing of it stays in the cluster, and the receipt says so. */
export async function leavesNothing(on: OnCluster, deployment: { id: string }): Promise<void> {
  expect(await operated(on, "DELETE", deployment)).toMatchObject({
    status: "destroyed",
    receipt: { remaining: [] },
  });
  expect(await whatIsLeft(on, deployment)).toEqual([]);
}

/** Has the cluster checked now, and waits for what that finds. */
export async function checked(on: OnCluster): Promise<TargetView> {
  const { target } = on.place;
  const before = await on.api.send<TargetView>("GET", `/targets/${target}`);
  await on.api.send("POST", `/targets/${target}/check`);
  return waitUntil("the cluster to be checked", async () => {
    const { body } = await on.api.send<TargetView>("GET", `/targets/${target}`);
    return body.checkedAt !== before.body.checkedAt && !body.cluster?.checking && body;
  });
}

/** A class that its controller took, and then went away. The cluster has been checked since. */
export async function gatewayClassOfNobody(on: OnCluster): Promise<AsyncDisposable & { name: string }> {
  const name = "of-nobody";
  const path = `/apis/gateway.networking.k8s.io/v1/gatewayclasses/${name}`;
  const kind = { apiVersion: "gateway.networking.k8s.io/v1", kind: "GatewayClass", metadata: { name } };
  const spec = { controllerName: "example.com/gone" };
  await on.request(`${path}?fieldManager=tests`, { method: "PATCH", body: { ...kind, spec } });
  const accepted = {
    type: "Accepted",
    status: "True",
    reason: "Accepted",
    message: "",
    lastTransitionTime: new Date().toISOString(),
  };
  const body = { status: { conditions: [accepted] } };
  const contentType = "application/merge-patch+json";
  await on.request(`${path}/status`, { method: "PATCH", body, contentType });
  await checked(on);
  return {
    name,
    async [Symbol.asyncDispose]() {
      await on.request(path, { method: "DELETE" });
      await checked(on);
    },
  };
}
