import { expect, test } from "vitest";
import { leftoverPrice, leftoverPriceInWords, type PricedThing } from "#lib/targets/gke/leftover-price.ts";

const region = "us-central1";
const disk = { type: "pd-balanced", gigabytes: 100 };

test.each<[PricedThing, number | null]>([
  [{ kind: "clusters", region }, 0.1],
  [{ kind: "forwardingRules", region: null }, 0.025],
  [{ kind: "forwardingRules", region }, 0.025],
  [{ kind: "forwardingRules", region: "europe-west1" }, null],
  [{ kind: "addresses", region: null, isInUse: true }, 0],
  // An address that nothing uses has a price of its own, which is in no table yet.
  [{ kind: "addresses", region: null, isInUse: false }, null],
  [{ kind: "instances", region, machineType: "n1-standard-1", hasAddress: true }, 0.04749975 + 0.005],
  [{ kind: "instances", region, machineType: "n1-standard-1", isSpot: true }, null],
  [{ kind: "instances", region, machineType: "n9-huge" }, null],
  [{ kind: "disks", region, disk }, 10 / 730],
  [{ kind: "disks", region, disk: { ...disk, type: "pd-extreme" } }, null],
  [{ kind: "disks", region: "europe-west1", disk }, null],
  [{ kind: "buckets", region }, null],
  [{ kind: "firewalls", region: null }, 0],
])("%j costs %s an hour", (thing, usd) => {
  const price = leftoverPrice(thing);
  if (usd === null) expect(price).toBeNull();
  else expect(price).toBeCloseTo(usd, 10);
});

test("a price is said by the hour and the month, and one that isn't known is said so", () => {
  expect(leftoverPriceInWords(0.025)).toBe("$0.025 an hour, $18.25 a month");
  expect(leftoverPriceInWords(0)).toBe("costs nothing by itself");
  expect(leftoverPriceInWords(null)).toBe("price unknown");
});
