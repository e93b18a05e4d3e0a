import { randomUUID } from "node:crypto";
import { inject } from "vitest";
import { askApi, requestApi, type ApiRequest, type KubernetesObject } from "#e2e/cluster/api.ts";
import type { Place } from "#e2e/cluster/portal/place.ts";
import { endPods, removeNamespace } from "#e2e/cluster/remove-namespace.ts";
import { waitUntil } from "#e2e/cluster/wait-until.ts";
import { enqueueAgain } from "#e2e/portal/enqueue-again.ts";
import { PortalApi, type LiveDeployment } from "#e2e/portal/api.ts";
import type { DeploymentView, OperationView } from "#lib/deployments/view.ts";
import { labelKeys, type Role } from "#lib/targets/kubernetes/manifests/metadata.ts";
import { namespaceOf } from "#lib/targets/kubernetes/settings.ts";

export type Pod = KubernetesObject;

/** How long an operation may take, in seconds: the vendor's plugin waits longer for what it made than the stand-in. */
const patience = 300;

/**
 * The portal and the cluster of this run; and what a check made there, which goes at its end. On a cluster that is
 * itself thrown away no tear-down is waited for: its room is needed at once.
 */
export class OnCluster implements AsyncDisposable {
  readonly place: Place;
  readonly api: PortalApi;
  readonly #made: string[] = [];

  /** @param target where it deploys to, if not to the target of all checks */
  constructor(target?: string) {
    const place = inject("place");
    this.place = target === undefined ? place : { ...place, target };
    this.api = new PortalApi(place.key);
  }

  /** Deploys to the cluster, and waits until that has ended well: what was found out since may have its own status. */
  async deploy(input: Record<string, unknown>): Promise<LiveDeployment> {
    const { id } = await this.api.deploy({
      name: `check-${randomUUID().slice(0, 8)}`,
      target: this.place.target,
      ...input,
    });
    this.#made.push(id);
    const hasEnded = ({ operation }: DeploymentView) => operation.finishedAt !== null;
    const deployment = await this.api.until(id, hasEnded, patience);
    if (deployment.operation.status !== "succeeded" || !deployment.endpoint) {
      throw new Error(
        `Not ready: ${deployment.statusCode} ${deployment.statusMessage}\n${await this.#said(deployment.id)}`,
      );
    }
    return deployment as LiveDeployment;
  }

  /** For what a check has deployed in its own way. */
  tearDownLater({ id }: { id: string }): void {
    this.#made.push(id);
  }

  /** Changes a deployment, and waits until that has ended well. */
  async change({ id }: { id: string }, input: Record<string, unknown>): Promise<LiveDeployment> {
    const answer = await this.api.send<DeploymentView>("PATCH", `/deployments/${id}`, input);
    if (answer.status >= 300) throw new Error(`Not taken: ${JSON.stringify(answer.body)}`);
    return this.#changed(id, answer.body.operation.id);
  }

  /** Does the same once more, and waits until that has ended well. */
  async doAgain({ id }: { id: string }): Promise<LiveDeployment> {
    return this.#changed(id, await enqueueAgain(id));
  }

  async #changed(id: string, operation: string): Promise<LiveDeployment> {
    const changed = await this.api.until(
      id,
      (d) => d.operation.id === operation && d.operation.finishedAt !== null,
      patience,
    );
    if (changed.operation.status !== "succeeded") {
      throw new Error(
        `${changed.operation.errorCode} ${changed.operation.errorMessage}\n${await this.#said(id)}`,
      );
    }
    return changed as LiveDeployment;
  }

  /** Tears down, and waits until that has ended, well or not. */
  async destroy({ id }: { id: string }): Promise<DeploymentView> {
    const answer = await this.api.send<OperationView>("DELETE", `/deployments/${id}`);
    if (answer.status !== 202) throw new Error(`Not accepted: ${JSON.stringify(answer.body)}`);
    const operation = answer.body.id;
    return this.api.until(
      id,
      (d) => d.operation.id === operation && d.operation.finishedAt !== null,
      patience,
    );
  }

  /** Asks the API server as an administrator; what it refuses is an error. */
  request(path: string, options?: ApiRequest): Promise<KubernetesObject> {
    return requestApi(this.place.admin, path, options);
  }

  ask(path: string, options?: ApiRequest): Promise<{ status: number; body: KubernetesObject }> {
    return askApi(this.place.admin, path, options);
  }

  /** The pods of a deployment that aren't about to end. */
  async pods({ id }: { id: string }, role: Role): Promise<Pod[]> {
    const selector = encodeURIComponent(`${labelKeys.deployment}=${id},${labelKeys.role}=${role}`);
    const { items } = await this.request(
      `/api/v1/namespaces/${namespaceOf(id)}/pods?labelSelector=${selector}`,
    );
    return (items as Pod[]).filter((pod) => !pod.metadata.deletionTimestamp);
  }

  /** Waits until that many pods are ready, and no other is there. */
  podsReady(deployment: { id: string }, role: Role, count: number, milliseconds = 90_000): Promise<Pod[]> {
    return waitUntil(
      `${count} pods of ${role} to be ready`,
      async () => {
        const pods = await this.pods(deployment, role);
        return pods.length === count && pods.every(isReady) && pods;
      },
      milliseconds,
    );
  }

  /** Waits until none of these pods is there any more. */
  async gone({ id }: { id: string }, uids: string[]): Promise<void> {
    await waitUntil(
      "the old pods to be gone",
      async () => {
        const { items } = await this.request(`/api/v1/namespaces/${namespaceOf(id)}/pods`);
        return !(items as Pod[]).some(({ metadata }) => uids.includes(metadata.uid as string));
      },
      120_000,
    );
  }

  /** One prediction. */
  call({ endpoint }: LiveDeployment, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`${endpoint.url}/predict`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${this.api.key}`, ...headers },
      body: JSON.stringify({ text: "What a wonderful day." }),
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const id of this.#made) {
      if (this.place.own) {
        // Asked for first, so that the portal doesn't take it for somebody else's doing. The namespace is its to remove.
        await this.api.send("DELETE", `/deployments/${id}`);
        await endPods(this.place.admin, namespaceOf(id));
      } else if ((await this.api.get(id)).status !== "destroyed") await this.destroy({ id });
    }
  }

  /** Takes a deployment's namespace away behind the portal's back. */
  takeAway({ id }: { id: string }): Promise<void> {
    return removeNamespace(this.place.admin, namespaceOf(id));
  }

  /** What the last operation of a deployment said, for a failure. */
  async #said(id: string): Promise<string> {
    const { operation } = await this.api.get(id);
    const { body } = await this.api.send("GET", `/operations/${operation.id}/events?after=0`, undefined, {
      accept: "application/json",
    });
    return JSON.stringify(body).slice(-3_000);
  }
}

export function isReady(pod: Pod): boolean {
  const conditions = (pod.status?.conditions ?? []) as { type: string; status: string }[];
  return conditions.some(({ type, status }) => type === "Ready" && status === "True");
}
