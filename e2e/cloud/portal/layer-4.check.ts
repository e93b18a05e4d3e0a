import { expect, test } from "vitest";
import { hasCloud, OnGoogle } from "#e2e/cloud/portal/on-google.ts";

test.skipIf(!hasCloud)(
  "layer 4: the reserved address leads to the pods, the same once more changes nothing, and nothing stays",
  async () => {
    await using on = await OnGoogle.open();
    const deployment = await on.deploy({ routing: { layer: 4 }, endpoint: { access: "open" } });
    expect(deployment.endpoint.url).toMatch(/^http:\/\/203\.0\.113\.\d+$/);
    expect((await on.call(deployment)).status).toBe(200);
    expect((await on.cloud.kept(on.project.id)).filter((key) => key.includes("/urlMaps/"))).toEqual([]);
    await on.staysAsItIs(deployment);
    await on.leavesNothing(deployment);
  },
);
