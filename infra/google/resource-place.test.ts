import { expect, test } from "vitest";
import { kinds, removalSteps } from "#infra/google/leftover-kinds.ts";
import { isMarked, placeOf } from "#infra/google/resource-place.ts";
import { deploymentForTest, gkeForms } from "#lib/targets/gke/forms-for-test.ts";
import { isOurs, type Thing } from "#lib/targets/gke/leftover-owner.ts";
import { everyPlan, isGoogles } from "#lib/targets/gke/plan-for-test.ts";
import { gkeTypes } from "#lib/targets/gke/types.ts";
import type { PlannedResource } from "#lib/targets/plan.ts";

/** These have no mark of their own: a pool is its cluster's, a right its bucket's. */
const parts: string[] = [gkeTypes.nodePool, gkeTypes.bucketReader];

const planned = everyPlan.flatMap(([form, plan]) =>
  plan.filter(isGoogles).map((resource) => [form, resource] as const),
);

/** A resource as its API shows it, as far as its mark goes. */
function shown({ inputs }: PlannedResource): Thing {
  const { name, labels, resourceLabels, description } = inputs as Thing;
  return { name, labels, resourceLabels, description };
}

test("all that any plan makes is known again by its name and its mark", () => {
  const lost = planned.filter(
    ([, resource]) => !parts.includes(resource.type) && !isOurs(shown(resource), deploymentForTest),
  );
  expect(lost.map(([form, { type, name }]) => `${form}: ${type} ${name}`)).toEqual([]);
  const unmarked = planned.filter(
    ([, resource]) => !parts.includes(resource.type) && !isMarked(shown(resource), deploymentForTest),
  );
  expect(unmarked).toEqual([]);
});

test("all that any plan makes is where it is looked for, and swept by kind", () => {
  const swept = kinds.map(({ plural }) => plural);
  for (const [form, resource] of planned) {
    const { settings } = gkeForms[form]!;
    const place = placeOf(resource, { deploymentId: deploymentForTest, settings });
    if (resource.type === gkeTypes.bucketReader) {
      expect(place).toBeNull();
      continue;
    }
    expect(place!.path.endsWith(`/${String(resource.inputs.name)}`)).toBe(true);
    if (parts.includes(resource.type)) continue;
    const plural = place!.service === "storage" ? "buckets" : place!.path.split("/").at(-2);
    expect(swept, resource.type).toContain(plural);
  }
});

test("what uses another is swept before it", () => {
  const stepOf = (plural: string) =>
    removalSteps.findIndex((step) => step.some((kind) => kind.plural === plural));
  const uses = [
    ["forwardingRules", "targetHttpProxies"],
    ["forwardingRules", "addresses"],
    ["targetHttpsProxies", "sslCertificates"],
    ["targetHttpProxies", "urlMaps"],
    ["urlMaps", "backendServices"],
    ["urlMaps", "backendBuckets"],
    ["backendServices", "healthChecks"],
    ["backendServices", "networkEndpointGroups"],
    ["backendBuckets", "buckets"],
    ["clusters", "networkEndpointGroups"],
    ["clusters", "instances"],
    ["instanceGroupManagers", "instances"],
    ["instanceGroupManagers", "instanceTemplates"],
    ["targetPools", "httpHealthChecks"],
    ["instances", "disks"],
    ["instances", "subnetworks"],
    ["firewalls", "networks"],
    ["networkEndpointGroups", "networks"],
    ["subnetworks", "networks"],
  ] as const;
  for (const [one, other] of uses) expect(stepOf(one), `${one} before ${other}`).toBeLessThan(stepOf(other));
  expect(new Set(kinds.map(({ plural }) => plural)).size).toBe(kinds.length);
});

test("a cluster's label, and a pool's, tell whose it is", () => {
  expect(isMarked({ resourceLabels: { "sluice-deployment": "dep-ffffffffffff" } }, deploymentForTest)).toBe(
    false,
  );
  expect(
    isMarked({ config: { resourceLabels: { "sluice-deployment": deploymentForTest } } }, deploymentForTest),
  ).toBe(true);
});
