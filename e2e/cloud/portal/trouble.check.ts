import { describe, test } from "vitest";
import { hasCloud, OnGoogle } from "#e2e/cloud/portal/on-google.ts";
import { failing, operated } from "#e2e/cluster/portal/in-trouble.ts";
import type { LiveDeployment } from "#e2e/portal/api.ts";

const open = { endpoint: { access: "open" } };

describe.skipIf(!hasCloud).concurrent("trouble in a Google project", () => {
  test("a part of the load balancer that was deleted by hand is found and made again", async ({ expect }) => {
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

  test("a cluster that was deleted by hand keeps nothing from being torn down", async ({ expect }) => {
    await using on = await OnGoogle.open();
    const deployment = await on.deploy(open);
    const cluster = (await on.left()).find((key) => /\/clusters\/[^/]+$/.test(key))!;
    const path = cluster.replace("container/", "/container/v1beta1/");
    expect(await on.cloud.ask(on.project.owner, "DELETE", path)).toMatchObject({ status: 200 });
    await on.leavesNothing(deployment);
  });

  test("a quota that doesn't suffice is said with its figures before anything is made; then a retry serves", async ({
    expect,
  }) => {
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
