import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import { ResourceList } from "#components/operations/resource-list.tsx";
import type { ResourceLine } from "#components/operations/timeline.ts";

const line = (type: string, name: string): ResourceLine => ({
  key: `${type}::${name}`,
  type,
  name,
  change: "create",
  state: "done",
  startedAt: null,
  durationMs: 1000,
});
const drawn = (...resources: ResourceLine[]) =>
  renderToStaticMarkup(<ResourceList resources={resources} ended />);

it("what is made at Google stands in groups, by words that people know", () => {
  const html = drawn(
    line("kubernetes:core/v1:Namespace", "sluice"),
    line("gcp:compute/uRLMap:URLMap", "routes"),
    line("gcp:container/cluster:Cluster", "cluster"),
  );
  expect([...html.matchAll(/<ul aria-label="([^"]+)"/g)].map(([, label]) => label)).toEqual([
    "Resources: Cluster",
    "Resources: In the cluster",
    "Resources: Load balancer",
  ]);
  expect(html).toContain("URL map");
});

it("elsewhere they are one list", () => {
  const html = drawn(
    line("kubernetes:core/v1:Namespace", "sluice"),
    line("kubernetes:core/v1:Secret", "env"),
  );
  expect(html.match(/<ul/g)).toHaveLength(1);
  expect(html).toContain('aria-label="Resources"');
});
