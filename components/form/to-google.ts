import type { FormState } from "#components/form/form-state.ts";
import type { GoogleState } from "#components/form/google-state.ts";
import { toNumber } from "#components/form/to-number.ts";
import type { GoogleInput } from "#lib/deployments/google-spec.ts";

type Cluster = NonNullable<GoogleInput["cluster"]>;
type OwnCluster = Extract<Cluster, { mode: "own" }>;

/** The section Google Cloud as the verbs and the API take it; what was typed badly stays bad. */
export function toGoogle({
  google,
  tlsMode,
  layer,
}: Pick<FormState, "google" | "tlsMode" | "layer">): GoogleInput {
  const percent = toNumber(google.logPercent);
  return {
    cluster: toCluster(google),
    domain: tlsMode === "google" ? google.domain.trim() : null,
    staticContent: google.staticContent,
    // At layer 4 nothing is logged or rated, and the fields aren't shown.
    ...(layer === "7" && {
      logSampleRate: percent === undefined ? undefined : percent / 100,
      maxRatePerEndpoint: toNumber(google.maxRatePerEndpoint),
    }),
  };
}

function toCluster(google: GoogleState): Cluster {
  if (google.mode === "existing") {
    const [location, name] = google.existing ? google.existing.split("/") : [];
    // Where none is chosen both are missing, and the schema says so.
    return { mode: "existing", name, location } as Cluster;
  }
  return {
    mode: "own",
    machineType: google.machineType.trim(),
    // Emptied they would be the defaults, which nobody would see.
    minNodes: toNumber(google.minNodes) ?? NaN,
    maxNodes: toNumber(google.maxNodes),
    spot: google.spot,
    gpu: google.gpuType ? { type: google.gpuType, count: toNumber(google.gpuCount) ?? NaN } : null,
    releaseChannel: google.releaseChannel as OwnCluster["releaseChannel"],
    network: toNetwork(google),
  };
}

/** All four names or none: with one of them the others are asked for. */
function toNetwork(google: GoogleState): OwnCluster["network"] {
  const { network, subnetwork, podsRange, servicesRange } = google;
  const names = { network, subnetwork, podsRange, servicesRange };
  const trimmed = Object.fromEntries(Object.entries(names).map(([key, name]) => [key, name.trim()]));
  return Object.values(trimmed).some((name) => name !== "") ? (trimmed as typeof names) : null;
}
