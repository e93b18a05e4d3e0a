import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { deploymentForTest } from "#components/deployments/deployment-for-test.ts";
import { TrafficMap } from "#components/deployments/traffic-map.tsx";

const deployment = deploymentForTest();
const live = deployment.spec;
const asked = { ...live, routing: { ...live.routing, rules: [{ variant: "main", pathPrefix: "/asked/" }] } };
const page = (change: Partial<typeof deployment>, drawn: typeof live | null) =>
  renderToStaticMarkup(<TrafficMap deployment={{ ...deployment, ...change }} live={drawn} replicas={[]} />);

describe("the picture of a deployment's traffic", () => {
  it("says nothing more where what was asked for is live", () => {
    expect(page({}, live)).not.toContain("last deployed in full");
    // Its life has no place in the picture.
    expect(page({ spec: { ...live, ttlMinutes: 60 } }, live)).not.toContain("last deployed in full");
  });

  it("shows what is live after a change that failed, and says that another was asked for", () => {
    const operation = { ...deployment.operation, kind: "update", status: "failed" } as const;
    const words = page({ spec: asked, operation }, live);
    expect(words).not.toContain("/asked/");
    expect(words).toContain("didn’t succeed and may be there in part");
  });

  it("shows what is live while a change is on its way", () => {
    const operation = { ...deployment.operation, kind: "update", status: "running" } as const;
    const words = page({ spec: asked, operation }, live);
    expect(words).not.toContain("/asked/");
    expect(words).toContain("on its way");
  });

  it("shows what was asked for before anything was deployed", () => {
    expect(page({ spec: asked }, null)).toContain("/asked/");
  });

  it("draws a globe only where anyone may call", () => {
    const access = (access: "open" | "private") =>
      page({}, { ...live, endpoint: { ...live.endpoint, access } });
    expect(access("open")).toContain("lucide-globe");
    expect(access("private")).not.toContain("lucide-globe");
    expect(access("private")).toContain("lucide-key-round");
  });

  it("draws a way to each variant, and says a share once", () => {
    const main = live.variants[0]!;
    const weights = (...given: number[]) =>
      page({}, { ...live, variants: given.map((weight, at) => ({ ...main, name: `v${at}`, weight })) });
    expect(weights(90, 10).match(/stroke-dasharray/g)).toHaveLength(2);
    expect(weights(90, 10)).toContain(">90 %<");
    expect(weights(90, 10)).not.toContain("weight 90");
    expect(weights(3, 1)).toContain("weight 3 · 75 %");
  });

  it("has plain words for how a replica is chosen", () => {
    expect(page({}, live)).toContain("Each in turn, no sticky sessions");
  });
});
