import { describe, expect, it } from "vitest";
import { deploymentForTest, gkeForms } from "#lib/targets/gke/forms-for-test.ts";
import { planGke } from "#lib/targets/gke/plan.ts";
import { grouped } from "#lib/targets/resource-groups.ts";
import { resourceWord } from "#lib/targets/resource-words.ts";

const plans = Object.values(gkeForms).map(({ spec, settings }) => planGke(deploymentForTest, spec, settings));

describe("resources in groups", () => {
  it("every one is in exactly one, from the network to the load balancer", () => {
    for (const plan of plans) {
      const groups = grouped(plan);
      expect(groups.flatMap(({ resources }) => resources)).toHaveLength(plan.length);
      expect(groups.at(-1)?.title).toBe("Load balancer");
    }
    expect(grouped(plans[0]!).map(({ title }) => title)).toEqual([
      "Network",
      "Cluster",
      "In the cluster",
      "Load balancer",
    ]);
  });

  it("there are none where nothing is Google's", () => {
    const pods = { type: "kubernetes:apps/v1:Deployment", name: "main" };
    expect(grouped([pods])).toEqual([{ title: null, resources: [pods] }]);
  });
});

it("every type of a plan has a word that people know", () => {
  const types = new Set(plans.flat().map(({ type }) => type));
  for (const type of types) expect(resourceWord(type)).not.toMatch(/[a-z][A-Z]/);
  expect(resourceWord("gcp:compute/uRLMap:URLMap")).toBe("URL map");
});
