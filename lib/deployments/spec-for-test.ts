import type { Spec, StoredSpec } from "#lib/deployments/spec.ts";
import { readSpec } from "#lib/deployments/to-view.ts";

export function specForTest(change: Partial<StoredSpec> = {}): Spec {
  const stored: StoredSpec = {
    version: 1,
    target: "local",
    variants: [
      {
        name: "main",
        model: { preset: "sentiment" },
        scaling: { minReplicas: 1, maxReplicas: 2, metric: "inflight", targetInFlight: 4 },
        weight: 100,
        healthPath: "/healthz",
      },
    ],
    routing: { layer: 7, rules: [], algorithm: "least-connections", affinity: { by: "none" } },
    endpoint: { port: null, access: "private" },
    env: [],
    ttlMinutes: null,
    ...change,
  };
  return readSpec(stored);
}
