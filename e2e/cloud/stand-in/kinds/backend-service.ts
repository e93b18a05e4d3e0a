import { computeKind } from "#e2e/cloud/stand-in/compute-kind.ts";
import type { Fields } from "#e2e/stand-in/protocol.ts";

export const backendService = computeKind({
  title: "BackendService",
  collection: "backendServices",
  fields: {
    loadBalancingScheme: { standard: "EXTERNAL" },
    protocol: { computed: true },
    portName: { computed: true },
    backends: { write: backends },
    healthChecks: { write: (value) => [value], read: (value) => (value as unknown[])[0] },
    timeoutSec: { computed: true },
    connectionDrainingTimeoutSec: { at: "connectionDraining.drainingTimeoutSec", standard: 300 },
    sessionAffinity: { computed: true },
    affinityCookieTtlSec: {},
    localityLbPolicy: { computed: true },
    consistentHash: {},
    customRequestHeaders: {},
    customResponseHeaders: {},
    enableCdn: { at: "enableCDN" },
    logConfig: { computed: true },
  },
  immovable: [],
  more: () => ({ iap: null }),
  verb: "PUT",
  outputs: ({ id }) => ({ generatedId: Number(id) }),
});

function backends(value: unknown): unknown {
  return (value as Fields[]).map((backend) => ({
    balancingMode: "UTILIZATION",
    capacityScaler: 1,
    ...backend,
  }));
}
