import type { Spec } from "#lib/deployments/spec.ts";

export function specForTest(change: Partial<Spec> = {}): Spec {
  return {
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
    endpoint: { port: null, access: "private", tls: { mode: "none" }, redirectFrom: null },
    env: [],
    ttlMinutes: null,
    ...change,
  };
}
