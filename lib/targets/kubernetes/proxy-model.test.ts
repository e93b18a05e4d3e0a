import { expect, test } from "vitest";
import { forms } from "#lib/targets/kubernetes/forms-for-test.ts";
import { proxyModel } from "#lib/targets/kubernetes/proxy-model.ts";

test.each([
  [null, undefined],
  ["traefik", "gateway"],
  ["gke-l7-global-external-managed", "google"],
])("behind the Gateway class %s who asks is told by %s", (gatewayClass, behind) => {
  const { spec, settings } = forms["fixed replicas"]!;
  expect(proxyModel("dep-0123456789ab", spec, { ...settings, gatewayClass }).behind).toBe(behind);
});
