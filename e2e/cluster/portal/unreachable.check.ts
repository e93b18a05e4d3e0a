import { describe, expect, inject, test } from "vitest";
import { adopted, beingDeployed } from "#e2e/cluster/portal/in-the-middle.ts";
import { ended, expectFailed, leavesNothing, operated, plain } from "#e2e/cluster/portal/in-trouble.ts";
import { OnCluster } from "#e2e/cluster/portal/on-cluster.ts";
import { registerTarget } from "#e2e/cluster/portal/register-target.ts";
import { Relay } from "#e2e/cluster/portal/relay.ts";
import { whatIsLeft } from "#e2e/cluster/portal/what-is-left.ts";
import { waitUntil } from "#e2e/cluster/wait-until.ts";
import { PortalApi } from "#e2e/portal/api.ts";
import type { DeploymentView } from "#lib/deployments/view.ts";

/** The cluster as a target of its own, by a way that can be cut. */
async function byRelay() {
  const { kubeconfig, imagePrefix, key } = inject("place");
  const relay = await Relay.open(kubeconfig);
  const on = new OnCluster(await registerTarget(new PortalApi(key), relay.kubeconfig, imagePrefix));
  return {
    on,
    relay,
    async [Symbol.asyncDispose]() {
      await on[Symbol.asyncDispose]();
      await relay.cut();
    },
  };
}

/** Made by us, and not by the cluster for what we made. */
const isMade = (what: string) =>
  /^(Namespace|Deployment|Service|PodDisruptionBudget|Secret|ConfigMap) /.test(what) &&
  !what.endsWith("/kube-root-ca.crt");

describe.concurrent("a cluster that is out of reach for a while", () => {
  test("the API server goes in the middle of a deploy: target_unreachable; once it is back, a retry adopts what exists", async ({
    skip,
  }) => {
    const { own } = inject("place");
    if (!own) return skip("needs an API server of the test's own");
    await using by = await byRelay();
    const { on, relay } = by;
    const { deployment, uid } = await beingDeployed(on, own.echoImages[0]);
    await relay.cut();
    try {
      const failed = await ended(on, deployment, deployment.operation.id);
      expectFailed(
        failed,
        "target_unreachable",
        /Nothing listens at the cluster's address.*Then retry\..*This exists/s,
      );
      expectFailed(await operated(on, "POST", deployment, "/retry"), "target_unreachable", /Then retry\./);
    } finally {
      await relay.mend();
    }
    await adopted(on, deployment, uid);
    await leavesNothing(on, deployment);
  });

  test("the API server is gone at a tear-down: it can be torn down later, or forgotten with a list of what stays", async ({
    skip,
  }) => {
    const { own } = inject("place");
    if (!own) return skip("needs an API server of the test's own");
    await using by = await byRelay();
    const { on, relay } = by;
    const [later, never] = await Promise.all([
      on.deploy(plain(own.echoImages[0])),
      // With HAProxy in its namespace, and the worker's own Secret.
      on.deploy({ ...plain(own.echoImages[0]), routing: {}, endpoint: { access: "private" } }),
    ]);
    const there = (await whatIsLeft(on, never)).filter(isMade).sort();
    await relay.cut();
    try {
      for (const deployment of [later, never]) {
        expectFailed(
          await operated(on, "DELETE", deployment),
          "target_unreachable",
          /Then retry\..*tearing it down again/s,
        );
      }
      const forgotten = await on.api.send<DeploymentView>("POST", `/deployments/${never.id}/forget`);
      expect(forgotten).toMatchObject({ status: 200, body: { status: "destroyed" } });
      // What the list says is there, and is all of it.
      const listed = forgotten.body.receipt?.remaining.map(({ what }) => what);
      expect(listed?.map((what) => what.replace(/^Namespace /, "Namespace /")).sort()).toEqual(there);
    } finally {
      await relay.mend();
    }
    expect(await operated(on, "POST", later, "/retry")).toMatchObject({
      status: "destroyed",
      receipt: { remaining: [] },
    });
    expect(await whatIsLeft(on, later)).toEqual([]);
    expect((await whatIsLeft(on, never)).filter(isMade).sort()).toEqual(there);
    await on.takeAway(never);
    await waitUntil("it to be gone", async () => (await whatIsLeft(on, never)).length === 0);
  });
});
