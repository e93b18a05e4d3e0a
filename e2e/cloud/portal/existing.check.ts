import { test } from "vitest";
import { addPool, removeFirstPool } from "#e2e/cloud/portal/make-cluster.ts";
import { hasCloud, OnGoogle } from "#e2e/cloud/portal/on-google.ts";
import { checked, ended } from "#e2e/cluster/portal/in-trouble.ts";
import type { DeploymentView } from "#lib/deployments/view.ts";

/** Zones that groups of pods' addresses (NEGs) are in. */
async function groupZones(on: OnGoogle): Promise<string[]> {
  const groups = (await on.left()).filter((key) => key.includes("/networkEndpointGroups/"));
  return [...new Set(groups.map((key) => key.split("/")[4]!))].sort();
}

test.skipIf(!hasCloud).concurrent.for([
  { how: "open", input: { endpoint: { access: "open" } } },
  { how: "at layer 4", input: { routing: { layer: 4 }, endpoint: { access: "open" } } },
])(
  "an existing cluster serves a deployment, $how, and is as before when that is gone",
  async ({ input }, { expect }) => {
    await using on = await OnGoogle.open();
    const name = await on.makeCluster();
    const before = await on.left();
    const deployment = await on.deploy({
      ...input,
      google: { cluster: { mode: "existing", name, location: on.location } },
    });
    expect((await on.call(deployment)).status).toBe(200);
    await on.staysAsItIs(deployment);
    await on.leavesNothing(deployment, before);
  },
);

test
  .skipIf(!hasCloud)
  .concurrent(
    "where an existing cluster's nodes are in other zones than its own, those get the requests; more zones are refused",
    async ({ expect }) => {
      await using on = await OnGoogle.open();
      const { cloud, project } = on;
      const name = await on.makeCluster();
      await addPool(cloud, project, "us-central1-b");
      await addPool(cloud, project, "us-central1-c");
      await removeFirstPool(cloud, project);
      await checked(on);
      const before = await on.left();
      // With keys, so HAProxy routes.
      const deployment = await on.deploy({
        google: { cluster: { mode: "existing", name, location: on.location } },
      });
      expect((await on.call(deployment)).status).toBe(200);
      const nodes = ["us-central1-b", "us-central1-c"];
      expect(await groupZones(on)).toEqual(nodes);
      const services = (await on.left()).filter((key) => key.includes("/backendServices/"));
      const { backends } = (await cloud.bodyOf(services[0]!)) as { backends: { group: string }[] };
      expect(backends.map(({ group }) => /\/zones\/([^/]+)\//.exec(group)?.[1]).sort()).toEqual(nodes);
      await on.staysAsItIs(deployment);

      await addPool(cloud, project, "us-central1-f");
      const changed = await on.api.send<DeploymentView>("PATCH", `/deployments/${deployment.id}`, {
        scaling: { minReplicas: 2, maxReplicas: 2, metric: "none" },
      });
      const refused = await ended(on, deployment, changed.body.operation.id);
      expect(refused).toMatchObject({
        status: "degraded",
        operation: {
          errorCode: "cluster_unusable",
          errorMessage: expect.stringContaining("has got nodes in us-central1-f"),
        },
      });
      expect((await on.call(deployment)).status).toBe(200);
      const fresh = (await on.left()).filter((key) =>
        /gke-shared-in-us-central1-f|\/in-us-central1-f$/.test(key),
      );
      await on.leavesNothing(deployment, [...before, ...fresh].sort());
    },
  );
