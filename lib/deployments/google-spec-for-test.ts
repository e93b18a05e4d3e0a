import type { GoogleSpec } from "#lib/deployments/google-spec.ts";

type Own = Extract<GoogleSpec["cluster"], { mode: "own" }>;

/** The origin's cluster, which a deployment has of its own. */
export const ownClusterOfSpec: Own = {
  mode: "own",
  machineType: "n1-standard-1",
  minNodes: 3,
  maxNodes: 3,
  spot: false,
  gpu: null,
  releaseChannel: "REGULAR",
  network: null,
};

/** What a deployment has at Google; that cluster, unless told. */
export function googleSpecForTest(change: Partial<GoogleSpec> = {}): GoogleSpec {
  return {
    location: "us-central1-a",
    zones: ["us-central1-a"],
    cluster: ownClusterOfSpec,
    domain: null,
    leavingDomains: [],
    staticContent: null,
    logSampleRate: 1,
    maxRatePerEndpoint: 100,
    ...change,
  };
}
