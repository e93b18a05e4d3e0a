import { describe, expect, test } from "vitest";
import { hasCloud, OnGoogle } from "#e2e/cloud/portal/on-google.ts";
import { ended, expectFailed, failing, operated } from "#e2e/cluster/portal/in-trouble.ts";
import type { LiveDeployment } from "#e2e/portal/api.ts";
import type { DeploymentView } from "#lib/deployments/view.ts";

const open = { endpoint: { access: "open" } };

/** Deletes the project's cluster by hand, as its owner. */
async function deleteCluster({ cloud, project }: OnGoogle, kept: string[]): Promise<void> {
  const cluster = kept.find((key) => /\/clusters\/[^/]+$/.test(key))!;
  const path = cluster.replace("container/", "/container/v1beta1/");
  expect(await cloud.ask(project.owner, "DELETE", path)).toMatchObject({ status: 200 });
}

describe.skipIf(!hasCloud).concurrent("trouble in a Google project", () => {
  // The longest, so the first.
  test("an image that nobody can pull, then a wrong port: each has its code; with what is right it serves", async () => {
    await using on = await OnGoogle.open();
    const model = { image: on.place.own!.echoImages[0], port: 8080, healthPath: "/healthz" };
    const unknown = { ...model, image: "sluice.test/nowhere:1" };
    const failed = await failing(
      on,
      on.formOf({ ...open, model: unknown }),
      "image_pull",
      /sluice\.test\/nowhere:1 can't be pulled .*name and tag/,
    );
    const { body } = await on.api.send<DeploymentView>("PATCH", `/deployments/${failed.id}`, {
      model: { ...model, port: 9999 },
    });
    const deaf = await ended(on, failed, body.operation.id);
    expectFailed(deaf, "probe_failed", /Check the port and the health path/);
    const changed = await on.change(failed, { model });
    expect(changed).toMatchObject({ status: "ready", statusCode: null });
    expect((await on.call(changed)).status).toBe(200);
  });

  test("a part of the load balancer that was deleted by hand is found and made again", async () => {
    await using on = await OnGoogle.open();
    const deployment = await on.deploy(open);
    const rule = (await on.left()).find((key) => key.includes("/forwardingRules/"))!;
    await on.cloud.remove(rule);
    await expect(on.call(deployment)).rejects.toThrow("fetch failed");
    const { items } = await on.drifted(deployment);
    expect(items).toHaveLength(1);
    const repaired = await operated(on, "POST", deployment, "/repair");
    expect(repaired).toMatchObject({ operation: { status: "succeeded" } });
    expect((await on.call(deployment)).status).toBe(200);
  });

  test("a cluster that was deleted by hand keeps nothing from being torn down", async () => {
    await using on = await OnGoogle.open();
    const deployment = await on.deploy(open);
    await deleteCluster(on, await on.left());
    await on.leavesNothing(deployment);
  });

  test("nor does an existing one that was: what else is in the project stays", async () => {
    await using on = await OnGoogle.open();
    const name = await on.makeCluster();
    const before = await on.left();
    const cluster = { mode: "existing", name, location: on.location };
    const deployment = await on.deploy({ ...open, google: { cluster } });
    await deleteCluster(on, before);
    // A cluster's firewalls are GKE's, and stay behind when it goes.
    const network = before.filter((key) => /\/(networks|subnetworks|firewalls)\//.test(key));
    expect(network).toHaveLength(4);
    await on.leavesNothing(deployment, network);
  });

  test("a quota that doesn't suffice is said with its figures before anything is made; then a retry serves", async () => {
    await using on = await OnGoogle.open();
    await on.cloud.setQuota(on.project.id, "us-central1", "CPUS", 2);
    const failed = await failing(on, on.formOf(open), "quota_exceeded", /CPUS/);
    expect(await on.left()).toEqual([]);
    await on.cloud.setQuota(on.project.id, "us-central1", "CPUS", 24);
    const retried = await operated(on, "POST", failed, "/retry");
    expect(retried).toMatchObject({ status: "ready" });
    expect((await on.call(retried as LiveDeployment)).status).toBe(200);
  });
});
