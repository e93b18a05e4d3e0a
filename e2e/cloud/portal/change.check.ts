import { describe, test } from "vitest";
import { hasCloud, OnGoogle } from "#e2e/cloud/portal/on-google.ts";
import { ended } from "#e2e/cluster/portal/in-trouble.ts";
import { Traffic } from "#e2e/cluster/portal/traffic.ts";
import type { DeploymentView } from "#lib/deployments/view.ts";

/** What was asked of Google for pools: `POST`, then `DELETE`. */
async function poolWrites(on: OnGoogle): Promise<string[]> {
  const writes = await on.cloud.writes(on.project.id);
  return writes
    .filter(({ path, status }) => path.includes("/nodePools") && status === 200)
    .map(({ method }) => method);
}

describe.skipIf(!hasCloud).concurrent("a change of a deployment in a Google project", () => {
  test("other machines and spot: the new pool comes before the old one goes, and no request fails", async ({
    expect,
  }) => {
    await using on = await OnGoogle.open();
    const deployment = await on.deploy({ endpoint: { access: "open" } });
    const before = (await poolWrites(on)).length;
    await using traffic = new Traffic(2, (headers) => on.call(deployment, headers), 50);
    const cluster = { mode: "own", machineType: "e2-standard-2" };
    await on.change(deployment, { google: { cluster } });
    expect((await poolWrites(on)).slice(before)).toEqual(["POST", "DELETE"]);
    await on.change(deployment, { google: { cluster: { ...cluster, spot: true } } });
    expect((await poolWrites(on)).slice(before + 2)).toEqual(["POST", "DELETE"]);
    await on.staysAsItIs(deployment);
    await traffic.end();
    expect(traffic.failed).toEqual([]);
  });

  test("open, private in vain, open, private and open again: each way is there before the other one goes, and no request fails", async ({
    expect,
  }) => {
    await using on = await OnGoogle.open();
    await on.cloud.setEdges(on.project.id, { first: 300, last: 2_000 });
    const firewalls = async () => (await on.left()).filter((key) => key.includes("/firewalls/")).length;
    const deployment = await on.deploy({ endpoint: { access: "open" } });
    const before = await firewalls();
    await using traffic = new Traffic(2, (headers) => on.call(deployment, headers), 50);

    // In vain at first, and taken back.
    const path = `/projects/${on.project.id}/global/backendServices$`;
    await on.cloud.refuse({ method: "POST", path }, { code: 400, reason: "invalid", message: "Not now." });
    const asked = { endpoint: { access: "private" } };
    const { body } = await on.api.send<DeploymentView>("PATCH", `/deployments/${deployment.id}`, asked);
    expect(await ended(on, deployment, body.operation.id)).toMatchObject({
      status: "degraded",
      operation: { status: "failed", errorMessage: expect.stringContaining("Not now.") as string },
    });
    expect(await firewalls()).toBe(before + 1);
    await on.change(deployment, { endpoint: { access: "open" } });
    expect(await firewalls()).toBe(before);

    for (const access of ["private", "open"]) {
      await on.change(deployment, { endpoint: { access } });
      expect(await firewalls()).toBe(before);
    }
    await on.staysAsItIs(deployment);
    await traffic.end();
    expect(traffic.failed).toEqual([]);
  });

  // The cluster's plugin can't renew its token, so one has to last until the pods are ready.
  test("tokens that live for seconds last through all of it", async ({ expect }) => {
    await using on = await OnGoogle.open();
    await on.cloud.setTokenLife(on.project.owner, 90);
    const deployment = await on.deploy({ endpoint: { access: "open" } });
    const changed = await on.change(deployment, {
      scaling: { minReplicas: 2, maxReplicas: 2, metric: "none" },
    });
    expect((await on.call(changed)).status).toBe(200);
    await on.leavesNothing(deployment);
  });
});
