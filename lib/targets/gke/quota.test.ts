import { expect, test } from "vitest";
import { gkeForms, ownClusterForTest } from "#lib/targets/gke/forms-for-test.ts";
import { planOf } from "#lib/targets/gke/plan-for-test.ts";
import { firstFormNeeds, planNeeds, shortageInWords, shortages, type Quota } from "#lib/targets/gke/quota.ts";
import type { GkeSettings } from "#lib/targets/gke/settings.ts";
import { gkeTypes } from "#lib/targets/gke/types.ts";

const region = "us-central1";
const inRegion = (metric: string, limit = 24): Quota => ({ metric, region, limit, used: 0 });

function needsOf(
  form: string,
  change: Partial<GkeSettings> = {},
  given: { cpus?: number; quotas?: Quota[]; isThere?: (key: string) => boolean } = {},
): Record<string, number> {
  const settings = { ...gkeForms[form]!.settings, ...change };
  const asked = { cpus: 1, quotas: [], isThere: () => false, ...given };
  const needs = planNeeds(planOf(form, change), settings, asked);
  return Object.fromEntries(
    needs.map(({ metric, region: where, amount }) => [`${where === null ? "" : "region "}${metric}`, amount]),
  );
}

const own = (change: object) => ({ cluster: { ...ownClusterForTest, ...change } });

test("the origin's graph takes three nodes, an address and the parts of a load balancer", () => {
  expect(needsOf("keys, so HAProxy routes")).toEqual({
    NETWORKS: 1,
    SUBNETWORKS: 1,
    FIREWALLS: 1,
    STATIC_ADDRESSES: 1,
    IN_USE_ADDRESSES: 1,
    HEALTH_CHECKS: 1,
    BACKEND_SERVICES: 1,
    GLOBAL_EXTERNAL_MANAGED_BACKEND_SERVICES: 1,
    URL_MAPS: 1,
    TARGET_HTTP_PROXIES: 1,
    FORWARDING_RULES: 1,
    GLOBAL_EXTERNAL_MANAGED_FORWARDING_RULES: 1,
    CPUS_ALL_REGIONS: 3,
    "region CPUS": 3,
    "region INSTANCES": 3,
    "region SSD_TOTAL_GB": 300,
    "region IN_USE_ADDRESSES": 3,
    "region NETWORK_ENDPOINT_GROUPS": 1,
  });
});

test("the form at first takes what its plan does", () => {
  const needs = firstFormNeeds(region, ["us-central1-a"], []);
  const named = needs.map(({ metric, region: where, amount }) => [
    `${where === null ? "" : "region "}${metric}`,
    amount,
  ]);
  expect(Object.fromEntries(named)).toEqual(needsOf("keys, so HAProxy routes"));
});

test("the node of the first pool counts where it is larger than the own pool's", () => {
  const needs = needsOf("keys, so HAProxy routes", own({ minNodes: 1, maxNodes: 1 }));
  expect(needs).toMatchObject({ "region CPUS": 2, "region INSTANCES": 1, CPUS_ALL_REGIONS: 2 });
});

test("a region's cluster begins with as many nodes in each zone, and a group in each", () => {
  const needs = needsOf("a region's cluster", own({ minNodes: 4, maxNodes: 6 }));
  expect(needs).toMatchObject({ "region INSTANCES": 6, "region NETWORK_ENDPOINT_GROUPS": 3 });
});

test("newer machines and GPUs have quotas of their own", () => {
  const quotas = [inRegion("N2_CPUS"), inRegion("CPUS")];
  const newer = needsOf("keys, so HAProxy routes", own({ machineType: "n2-standard-2" }), {
    cpus: 2,
    quotas,
  });
  expect(newer).toMatchObject({ "region N2_CPUS": 6, CPUS_ALL_REGIONS: 6, "region CPUS": 2 });
  expect(needsOf("a GPU")).toMatchObject({ "region NVIDIA_T4_GPUS": 3, GPUS_ALL_REGIONS: 3 });
});

test("spot nodes take their own quota only where the project has one", () => {
  const spot = own({ spot: true });
  const usual = needsOf("keys, so HAProxy routes", spot, { quotas: [inRegion("PREEMPTIBLE_CPUS", 0)] });
  expect(usual).toMatchObject({ "region CPUS": 3 });
  const theirs = needsOf("keys, so HAProxy routes", spot, { quotas: [inRegion("PREEMPTIBLE_CPUS")] });
  expect(theirs).toMatchObject({ "region PREEMPTIBLE_CPUS": 3, "region CPUS": 2 });
});

test("what is there isn't asked again, and an existing cluster takes no nodes", () => {
  const isThere = (key: string) => key.startsWith(gkeTypes.cluster) || key.startsWith(gkeTypes.nodePool);
  expect(needsOf("keys, so HAProxy routes", {}, { isThere })).not.toHaveProperty("region CPUS");
  expect(needsOf("an existing cluster")).not.toHaveProperty("region INSTANCES");
});

test("layer 4 takes a regional address, and the forwarding rule that Google makes of it", () => {
  const needs = needsOf("layer 4 by address, existing cluster");
  expect(needs).toMatchObject({ "region STATIC_ADDRESSES": 1, "region FORWARDING_RULES": 1 });
  expect(needs).not.toHaveProperty("URL_MAPS");
});

test("a shortage says what is asked, and what is left", () => {
  const quotas: Quota[] = [
    { metric: "CPUS", region, limit: 24, used: 22 },
    { metric: "NETWORKS", region: null, limit: 5, used: 4 },
  ];
  const needs = [
    { metric: "CPUS", region, amount: 3 },
    { metric: "NETWORKS", region: null, amount: 1 },
    { metric: "UNCOUNTED", region, amount: 100 },
  ];
  expect(shortages(needs, quotas).map(shortageInWords)).toEqual([
    "CPUs in us-central1 (CPUS): 3 asked, 2 left of 24",
  ]);
});
