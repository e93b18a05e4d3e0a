import type { ClusterOffers } from "#lib/targets/target-view.ts";
import { builtInPlaces, type Place } from "#lib/targets/place.ts";

/** A cluster that can do all. */
export function clusterForTest(offers: Partial<ClusterOffers> = {}, change: Partial<Place> = {}): Place {
  return {
    kind: "kubernetes",
    name: "prod",
    targetId: "tgt-1",
    refusal: null,
    offers: {
      version: "v1.36.3",
      nodes: 3,
      largestPod: { cpuMillis: 4000, memoryBytes: 8e9, gpus: 0 },
      gatewayClasses: ["traefik"],
      autoscaling: true,
      loadBalancers: false,
      publicHost: null,
      imagePrefix: "registry.example.org/sluice",
      ...offers,
    },
    ...change,
  };
}

export const placesForTest = [...builtInPlaces, clusterForTest()];
