import { expect, test } from "vitest";
import { driftOf } from "#infra/targets/gke/drift.ts";
import type { EngineStep } from "#infra/engine/pulumi-look.ts";
import { gkeTypes } from "#lib/targets/gke/types.ts";
import { kubernetesTypes } from "#lib/targets/kubernetes/types.ts";

const step = (type: string, change: EngineStep["change"], fields: string[] = []): EngineStep => ({
  type,
  name: "it",
  change,
  fields,
  replacedBy: [],
});

test("what would be made anew was deleted, what would be changed was changed, and the rest is as it was", () => {
  const items = driftOf([
    step(gkeTypes.network, "same"),
    step(gkeTypes.urlMap, "update", ["defaultService", "pathMatchers"]),
    step(gkeTypes.healthCheck, "replace", []),
    step(gkeTypes.forwardingRule, "create"),
    step(kubernetesTypes.deployment, "update", []),
    step(gkeTypes.managedCertificate, "delete"),
  ]);
  expect(items).toEqual([
    { type: gkeTypes.forwardingRule, name: "it", gone: true, what: "It was deleted." },
    { type: gkeTypes.urlMap, name: "it", gone: false, what: "Changed: defaultService, pathMatchers." },
    { type: gkeTypes.healthCheck, name: "it", gone: false, what: "It was changed." },
  ]);
});
