import { nothingFound, type Findings } from "#lib/targets/kubernetes/findings.ts";

/** What a check finds of a cluster that can do all. */
export function findingsForTest(change: Partial<Findings> = {}): Findings {
  return {
    ...nothingFound({ code: "dns", message: "", todo: "" }),
    trouble: null,
    version: "v1.36.3",
    rights: [{ group: "", resource: "pods", need: "always", allowed: ["get"], denied: [] }],
    metricsApi: "there",
    gatewayApi: "there",
    gatewayClasses: [{ name: "traefik", controller: "c", accepted: true, message: null }],
    nodes: [
      {
        name: "node-of-somebody",
        ready: true,
        closed: null,
        architecture: "amd64",
        cpuMillis: { total: 4000, free: 2500 },
        memoryBytes: { total: 2 ** 33, free: 2 ** 32 },
        gpus: { total: 0, free: 0 },
      },
    ],
    ...change,
  };
}
