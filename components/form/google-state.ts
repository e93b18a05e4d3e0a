import type { Moved } from "#components/form/form-state.ts";
import type { GoogleSpec } from "#lib/deployments/google-spec.ts";

/** What stands in the fields of the section Google Cloud, as it was typed. */
export type GoogleState = {
  mode: "own" | "existing";
  machineType: string;
  minNodes: string;
  /** empty for as many as `minNodes` */
  maxNodes: string;
  spot: boolean;
  /** empty: none */
  gpuType: string;
  gpuCount: string;
  releaseChannel: string;
  /** an own cluster's network that is there already; empty: it gets one of its own */
  network: string;
  subnetwork: string;
  podsRange: string;
  servicesRange: string;
  /** `existingKey` of a cluster that is there; empty: none is chosen yet */
  existing: string;
  /** it counts while Google's certificate is chosen (`tlsMode`) */
  domain: string;
  staticContent: { prefix: string; archive: string } | null;
  /** in percent of the requests */
  logPercent: string;
  maxRatePerEndpoint: string;
  moved: { mode?: Moved; machineType?: Moved; gpuType?: Moved };
};

/** The origin's cluster: three small nodes. */
export const newGoogle: GoogleState = {
  mode: "own",
  machineType: "n1-standard-1",
  minNodes: "3",
  maxNodes: "",
  spot: false,
  gpuType: "",
  gpuCount: "1",
  releaseChannel: "REGULAR",
  network: "",
  subnetwork: "",
  podsRange: "",
  servicesRange: "",
  existing: "",
  domain: "",
  staticContent: null,
  logPercent: "",
  maxRatePerEndpoint: "",
  moved: {},
};

/** Names of clusters are one in a place, and not in a project. */
export function existingKey({ location, name }: { location: string; name: string }): string {
  return `${location}/${name}`;
}

/** The fields of a deployment that is there. */
export function googleStateOf(google: GoogleSpec | null): GoogleState {
  if (!google) return newGoogle;
  return {
    ...newGoogle,
    ...clusterOf(google),
    domain: google.domain ?? "",
    staticContent: google.staticContent,
    // Of a share such as 0.07 the product has digits that nobody typed.
    logPercent: String(Number((google.logSampleRate * 100).toFixed(6))),
    maxRatePerEndpoint: String(google.maxRatePerEndpoint),
  };
}

function clusterOf({ cluster, location }: GoogleSpec): Partial<GoogleState> {
  if (cluster.mode === "existing") {
    return { mode: "existing", existing: existingKey({ location, name: cluster.name }) };
  }
  const { machineType, minNodes, maxNodes, spot, gpu, releaseChannel, network } = cluster;
  return {
    mode: "own",
    machineType,
    minNodes: String(minNodes),
    maxNodes: String(maxNodes),
    spot,
    gpuType: gpu?.type ?? "",
    gpuCount: String(gpu?.count ?? 1),
    releaseChannel,
    ...(network ?? {}),
  };
}
