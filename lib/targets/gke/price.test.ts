import { describe, expect, test } from "vitest";
import { existingClusterForTest, ownClusterForTest } from "#lib/targets/gke/forms-for-test.ts";
import { hoursPerMonth, priceInWords, priceOf } from "#lib/targets/gke/price.ts";
import { prices } from "#lib/targets/gke/prices.ts";

const region = "us-central1";
const zones = ["us-central1-a"];
const three = ["us-central1-a", "us-central1-b", "us-central1-c"];

describe("the price", () => {
  test("of the origin's graph in us-central1 has every row, and is their sum", () => {
    const price = priceOf({ region, zones, cluster: ownClusterForTest }, 7);
    expect(price.isComplete).toBe(true);
    // Fee, three machines, three disks of 100 GB, three addresses, the forwarding rules.
    const sum = 0.1 + 3 * 0.04749975 + (3 * 100 * 0.1) / 730 + 3 * 0.005 + 0.025;
    expect(price.least).toBeCloseTo(sum, 10);
    expect(price.most).toBeCloseTo(sum, 10);
    expect(priceInWords(price)).toBe("$0.324 an hour, $236.22 a month");
    expect(price.lines.map(({ what }) => what)).toEqual([
      "GKE's fee for the cluster",
      "Nodes: n1-standard-1",
      "Their disks: 100 GB pd-balanced each",
      "Their external addresses",
      "Load balancer: its forwarding rules",
      "The reserved address, in use",
    ]);
  });

  test("has a least and a most where the pool scales", () => {
    const price = priceOf({ region, zones, cluster: { ...ownClusterForTest, minNodes: 1, maxNodes: 4 } }, 7);
    const node = 0.04749975 + (100 * 0.1) / 730 + 0.005;
    expect(price.most - price.least).toBeCloseTo(3 * node, 10);
    expect(priceInWords(price)).toMatch(
      /^\$0\.\d{3} to \$0\.\d{3} an hour, \$\d+\.\d\d to \$\d+\.\d\d a month$/,
    );
  });

  test.each([
    [3, 3, 3],
    [1, 4, 3],
    [4, 9, 6],
  ])("of %i to %i nodes over three zones says that %i begin where those are more", (...counts) => {
    const [minNodes, maxNodes, first] = counts;
    const cluster = { ...ownClusterForTest, minNodes, maxNodes };
    const price = priceOf({ region, zones: three, cluster }, 7);
    expect(price.lines.find(({ what }) => what.startsWith("Nodes"))).toMatchObject({
      least: expect.closeTo(minNodes * 0.04749975, 10) as number,
      most: expect.closeTo(maxNodes * 0.04749975, 10) as number,
    });
    const note = `begins with ${first} nodes, as many in each of 3 zones; fewer, ${minNodes} at least`;
    expect(price.notes.join(" ").includes(note)).toBe(first > minNodes);
  });

  test.each([
    ["spot nodes", region, { spot: true }, ["Nodes: n1-standard-1, spot", "Their external addresses"]],
    [
      "a GPU",
      region,
      { gpu: { type: "nvidia-tesla-t4", count: 2 } },
      ["GPUs: 2 × nvidia-tesla-t4 in each node"],
    ],
    ["another machine", region, { machineType: "c3-standard-4" }, ["Nodes: c3-standard-4"]],
    ["another region", "europe-west1", {}, ["Nodes: n1-standard-1", "Their disks: 100 GB pd-balanced each"]],
  ])("of %s is unknown in part, and the sum says at least", (_, where, change, unknown) => {
    const price = priceOf({ region: where, zones, cluster: { ...ownClusterForTest, ...change } }, 7);
    expect(price.lines.filter(({ least }) => least === null).map(({ what }) => what)).toEqual(unknown);
    expect(price.isComplete).toBe(false);
    expect(priceInWords(price)).toMatch(/^at least \$/);
    expect(price.least).toBeGreaterThanOrEqual(0.125);
  });

  test("of what is put into a cluster that is there is that of the load balancer", () => {
    const price = priceOf({ region, zones, cluster: existingClusterForTest }, 7);
    expect(price).toMatchObject({ least: 0.025, most: 0.025, isComplete: true });
    expect(price.notes.join(" ")).toContain("paid for anyway");
  });

  test("at layer 4 is that of a forwarding rule of the region, where it is known", () => {
    expect(priceOf({ region, zones, cluster: existingClusterForTest }, 4).least).toBe(0.025);
    expect(priceOf({ region: "europe-west1", zones, cluster: existingClusterForTest }, 4).isComplete).toBe(
      false,
    );
  });

  test("doesn't subtract the free tier, and says so", () => {
    expect(priceOf({ region, zones, cluster: ownClusterForTest }, 7).notes.join(" ")).toContain(
      "not subtracted",
    );
  });
});

test("each row has a page of Google's and a day, and is there once", () => {
  for (const { source, lookedUp, usd } of prices) {
    expect(new URL(source).origin).toBe("https://cloud.google.com");
    expect(new Date(lookedUp).toISOString().slice(0, 10)).toBe(lookedUp);
    expect(usd).toBeGreaterThanOrEqual(0);
  }
  const keys = prices.map(({ item, region: where }) => `${item} ${where}`);
  expect(new Set(keys).size).toBe(keys.length);
  expect(hoursPerMonth).toBe((365 * 24) / 12);
});
