import { describe, test } from "vitest";
import {
  expectFailed,
  failing,
  gatewayClassOfNobody,
  leavesNothing,
  logOf,
  operated,
  plain,
} from "#e2e/cluster/portal/in-trouble.ts";
import { OnCluster } from "#e2e/cluster/portal/on-cluster.ts";
import { namespaceOf } from "#lib/targets/kubernetes/settings.ts";

// Each ends soon with its code, a sentence and what to do, can be put right or torn down, and leaves nothing.

describe.concurrent("what a cluster lacks, or can't do with an image", () => {
  test("an image that nobody can pull: image_pull, retried to the same end, and torn down", async ({
    expect,
  }) => {
    await using on = new OnCluster();
    const deployment = await failing(
      on,
      plain("sluice.test/nowhere:1"),
      "image_pull",
      /sluice\.test\/nowhere:1 can't be pulled .*name and tag/,
    );
    const again = await operated(on, "POST", deployment, "/retry");
    expectFailed(again, "image_pull", /can't be pulled/);
    expect(again.statusMessage).toContain("Namespace");
    await leavesNothing(on, deployment);
  });

  test("an image that runs as root: root_needed, and once it may, it serves", async ({ skip, expect }) => {
    await using on = new OnCluster();
    const { own } = on.place;
    if (!own) return skip("needs images of the test cluster's own");
    const input = plain(own.rootImage);
    const deployment = await failing(on, input, "root_needed", /runs as root.*Set "runs as root"/s);
    const changed = await on.change(deployment, { model: { ...input.model, runAsRoot: true } });
    expect(changed).toMatchObject({ status: "ready", statusCode: null });
    expect((await on.call(changed)).status).toBe(200);
    expect(await on.podsReady(deployment, "model", 1)).toHaveLength(1);
    await leavesNothing(on, deployment);
  });

  test("a wrong port: probe_failed with the pod's events, and with the right one it serves", async ({
    skip,
    expect,
  }) => {
    await using on = new OnCluster();
    const { own } = on.place;
    if (!own) return skip("needs images of the test cluster's own");
    const input = plain(own.echoImages[0], { port: 9999 });
    const deployment = await failing(on, input, "probe_failed", /Check the port and the health path/);
    expect(await logOf(on, deployment)).toMatch(
      /Unhealthy: Startup probe failed: .*9999.*connection refused/,
    );
    const changed = await on.change(deployment, plain(own.echoImages[0]));
    expect((await on.call(changed)).status).toBe(200);
    await leavesNothing(on, deployment);
  });

  test("an image that ends at once: start_failed with its last lines", async ({ skip, expect }) => {
    await using on = new OnCluster();
    const { own } = on.place;
    if (!own) return skip("needs images of the test cluster's own");
    const input = { ...plain(own.echoImages[0]), env: [{ name: "PORT", value: "none" }] };
    const deployment = await failing(on, input, "start_failed", /ended by itself with code 1/);
    expect(await logOf(on, deployment)).toContain("listen tcp: lookup tcp/none");
    await leavesNothing(on, deployment);
  });

  test("more memory than its limit: out_of_memory", async () => {
    await using on = new OnCluster();
    // With as little of the processor as the others it would be given up before it has come to ask for its memory.
    const resources = { cpu: "250m", memory: "24Mi" };
    const input = { ...plain(""), model: { preset: "sentiment" }, resources };
    await leavesNothing(on, await failing(on, input, "out_of_memory", /Raise the memory limit/));
  });

  test("more than any node has: no_node_fits, and with less it serves", async ({ skip, expect }) => {
    await using on = new OnCluster();
    const { own } = on.place;
    if (!own) return skip("needs images of the test cluster's own");
    const input = plain(own.echoImages[0]);
    const deployment = await failing(
      on,
      { ...input, resources: { cpu: "900" } },
      "no_node_fits",
      /enough processor.*Ask for less, or add a node/s,
    );
    const changed = await on.change(deployment, { resources: { cpu: "10m", memory: "64Mi" } });
    expect((await on.call(changed)).status).toBe(200);
    await leavesNothing(on, deployment);
  });

  test("a Gateway class that nobody serves: gateway_failed", async ({ skip, expect }) => {
    await using on = new OnCluster();
    const { own } = on.place;
    if (!own) return skip("needs images of the test cluster's own");
    await using nobody = await gatewayClassOfNobody(on);
    const input = {
      ...plain(own.echoImages[0]),
      routing: {},
      endpoint: { access: "open", gatewayClass: nobody.name },
    };
    const deployment = await failing(
      on,
      input,
      "gateway_failed",
      new RegExp(`class ${nobody.name} isn't programmed.*choose another class`),
    );
    const changed = await on.change(deployment, { endpoint: { access: "open", gatewayClass: null } });
    expect((await on.call(changed)).status).toBe(200);
    const gateways = `/apis/gateway.networking.k8s.io/v1/namespaces/${namespaceOf(deployment.id)}/gateways`;
    expect((await on.request(gateways)).items).toEqual([]);
    await leavesNothing(on, deployment);
  });
});
