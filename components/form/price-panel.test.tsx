import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { PricePanel } from "#components/form/price-panel.tsx";
import { ownClusterForTest } from "#lib/targets/gke/forms-for-test.ts";
import { priceOf } from "#lib/targets/gke/price.ts";

const said = (region: string, change: Partial<typeof ownClusterForTest> = {}) =>
  renderToStaticMarkup(
    <PricePanel
      price={priceOf({ region, zones: ["us-central1-a"], cluster: { ...ownClusterForTest, ...change } }, 7)}
    />,
  ).replace(/<[^>]+>/g, " ");

describe("the price", () => {
  it("is said by the hour and the month, each line with the fewest and the most nodes", () => {
    const words = said("us-central1", { minNodes: 3, maxNodes: 5 });
    expect(words).toMatch(/In all\s+0\.\d{3}–0\.\d{3}\s+\d+\.\d\d–\d+\.\d\d/);
    expect(words).not.toContain("price unknown");
  });

  it("says where each amount is from, and when it was looked up", () => {
    expect(said("us-central1")).toMatch(/cloud\.google\.com\/kubernetes-engine\/pricing/);
    expect(said("us-central1")).toMatch(/looked up on \d{4}-\d\d-\d\d/);
  });

  it("calls a price that isn't known unknown, and the sum the least", () => {
    const words = said("europe-west9");
    expect(words).toContain("price unknown");
    expect(words).toMatch(/At least\s+\$/i);
    expect(words).not.toContain("In all");
  });
});
