import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { ClusterList } from "#components/targets/cluster-list.tsx";
import { clusterViewForTest, targetViewForTest } from "#components/targets/cluster-view-for-test.ts";

const noSecrets = clusterViewForTest({
  rights: [{ group: "", resource: "secrets", need: "always", allowed: [], denied: ["get", "list"] }],
});

describe("a cluster on which rights are missing", () => {
  it("shows an admin which, with the way to its page", () => {
    const words = renderToStaticMarkup(<ClusterList list={[targetViewForTest(noSecrets)]} admin />);
    expect(words).toContain("Lacks 2 rights: everything on secrets.");
    expect(words).toMatch(/href="\/targets\/target-1"[^>]*>What to do/);
    expect(words).not.toContain("An admin sees");
  });

  it("sends others to an admin, and doesn't tell them which", () => {
    const target = targetViewForTest({ ...noSecrets, detail: null });
    const words = renderToStaticMarkup(<ClusterList list={[target]} admin={false} />);
    expect(words).toContain("An admin sees on its page which.");
    expect(words).not.toContain("secrets");
  });
});
