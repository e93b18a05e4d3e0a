import type { ProjectOffers } from "#lib/targets/gke/project-view.ts";
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
    project: null,
    ...change,
  };
}

const zone = "us-central1-a";

/** A Google project that can do all, with one cluster that can be used and one that can't. */
export function projectForTest(offers: Partial<ProjectOffers> = {}, change: Partial<Place> = {}): Place {
  return {
    ...clusterForTest({
      version: null,
      nodes: null,
      largestPod: null,
      gatewayClasses: [],
      loadBalancers: true,
    }),
    kind: "gke",
    name: "lab",
    targetId: "tgt-2",
    project: {
      project: "demo-proj",
      region: "us-central1",
      location: zone,
      zones: [zone],
      machineTypes: [
        { name: "n1-standard-1", cpus: 1, memoryMb: 3840 },
        { name: "n1-standard-4", cpus: 4, memoryMb: 15_360 },
      ],
      accelerators: [{ name: "nvidia-tesla-t4", title: "NVIDIA T4", most: 4 }],
      clusters: [
        {
          name: "shared",
          location: zone,
          version: "1.36.3-gke.1000000",
          zones: [zone],
          network: "projects/demo-proj/global/networks/default",
          podsRange: "10.4.0.0/14",
          morePodsRanges: [],
          problems: [],
        },
        {
          name: "auto",
          location: zone,
          version: null,
          zones: [zone],
          network: null,
          podsRange: null,
          morePodsRanges: [],
          problems: [
            { code: "autopilot", message: "It is an Autopilot cluster.", todo: "Choose a Standard one." },
          ],
        },
      ],
      ownClusterRefusal: null,
      staticContentRefusal: null,
      ...offers,
    },
    ...change,
  };
}

export const placesForTest = [...builtInPlaces, clusterForTest(), projectForTest()];
