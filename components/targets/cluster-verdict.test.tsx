import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { clusterViewForTest, targetViewForTest } from "#components/targets/cluster-view-for-test.ts";
import { ClusterVerdict } from "#components/targets/cluster-verdict.tsx";
import { toolForTest } from "#components/targets/tool-for-test.ts";
import type { ToolView } from "#lib/targets/list-tools.ts";
import type { ClusterView } from "#lib/targets/target-view.ts";

const verdict = (cluster: ClusterView, missing: ToolView | null = null) =>
  renderToStaticMarkup(<ClusterVerdict target={targetViewForTest(cluster)} {...{ cluster, missing }} />);

describe("of a cluster that was found well", () => {
  it("all is said to be there while the engine lacks nothing", () => {
    expect(verdict(clusterViewForTest())).toContain("Everything that a deployment needs is there");
  });

  it("it isn't where the engine's plugin can't be had; what to do is said, and where that is seen", () => {
    const missing = toolForTest({ status: "failed", message: "Put it on PATH.\nerror: all 5 attempts" });
    const words = verdict(clusterViewForTest(), missing);
    expect(words).not.toContain("Everything");
    expect(words).toContain("Nothing can be deployed there yet: Pulumi’s Kubernetes plugin is missing");
    expect(words).toContain("Put it on PATH. It is tried again every minute.");
    expect(words).not.toContain("5 attempts");
    expect(words).toContain('href="/targets"');
  });

  it("nor while that is still on its way", () => {
    expect(verdict(clusterViewForTest(), toolForTest({ status: "obtaining" }))).toContain(
      "Nothing can be deployed there yet: Pulumi’s Kubernetes plugin is still being obtained",
    );
  });
});

it("what Sluice may not do there is listed as missing, whatever else is", () => {
  const denied = {
    group: "",
    resource: "secrets",
    need: "always",
    allowed: [],
    denied: ["get", "list"],
  } as const;
  const cluster = clusterViewForTest({ rights: [{ ...denied, allowed: [], denied: [...denied.denied] }] });
  const words = verdict(cluster, toolForTest({ status: "failed" }));
  expect(words).toContain("Sluice lacks 2 rights");
  expect(words).toContain("Missing: everything on secrets.");
});

it("a cluster that is too old needs attention, with what it has, what is needed, and what to do", () => {
  const cluster = clusterViewForTest({ version: "v1.29.14-gke.1000" });
  expect(cluster.state).toBe("trouble");
  const words = verdict(cluster);
  expect(words).toContain("This cluster runs Kubernetes 1.29.14-gke.1000; Sluice needs 1.30 or newer.");
  expect(words).toContain("Upgrade the control plane and the nodes to 1.30 or newer, then check again.");
});
