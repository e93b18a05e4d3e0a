import { expect, test } from "vitest";
import { hasCloud, OnGoogle } from "#e2e/cloud/portal/on-google.ts";
import { Traffic } from "#e2e/cluster/portal/traffic.ts";

test.skipIf(!hasCloud)(
  "a canary goes from 0 to 100 and stays alone, under steady traffic while Google's edges lag, and no request fails",
  async () => {
    await using on = await OnGoogle.open();
    await on.cloud.setEdges(on.project.id, { first: 300, last: 2_000 });
    const [before, after] = on.place.own!.echoImages;
    const variant = (name: string, image: string, weight: number) => ({
      name,
      weight,
      model: { image, port: 8080, healthPath: "/healthz" },
      scaling: { minReplicas: 1, metric: "none" },
      resources: { cpu: "10m", memory: "32Mi" },
    });
    const weighted = (canary: number) => ({
      variants: [variant("main", before, 100 - canary), variant("canary", after, canary)],
    });
    const deployment = await on.deploy({
      endpoint: { access: "open" },
      variants: [variant("main", before, 100)],
    });
    await using traffic = new Traffic(4, (headers) => on.call(deployment, headers));
    for (const share of [0, 50, 100]) await on.change(deployment, weighted(share));
    const alone = { variants: [variant("canary", after, 100)] };
    await on.change(deployment, alone);
    await traffic.end();
    expect(traffic.answers.length).toBeGreaterThan(100);
    expect(traffic.failed).toEqual([]);
    await on.staysAsItIs(deployment, alone);
  },
);
