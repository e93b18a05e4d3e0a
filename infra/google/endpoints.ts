import { isEndpointOverride, tokenUriOf } from "#lib/targets/gke/endpoint-override.ts";

/** Google's APIs, and the versions of them that are asked. Compute's is that of Pulumi's plugin. */
const places = {
  compute: { host: "compute.googleapis.com", path: "compute/beta/" },
  container: { host: "container.googleapis.com", path: "v1beta1/", under: "container/" },
  storage: { host: "storage.googleapis.com", path: "storage/v1/" },
  upload: { host: "storage.googleapis.com", path: "upload/storage/v1/" },
  iam: { host: "iam.googleapis.com", path: "v1/", under: "iam/" },
  resourceManager: {
    host: "cloudresourcemanager.googleapis.com",
    path: "v1/",
    under: "cloudresourcemanager/",
  },
  monitoring: { host: "monitoring.googleapis.com", path: "v3/", under: "monitoring/" },
  logging: { host: "logging.googleapis.com", path: "v2/", under: "logging/" },
  serviceUsage: { host: "serviceusage.googleapis.com", path: "v1/", under: "serviceusage/" },
} satisfies Record<string, { host: string; path: string; under?: string }>;

export type GoogleService = keyof typeof places;

/** Addresses end in a version and a slash, as Pulumi's plugin wants its overrides too. */
export type GoogleEndpoints = {
  services: Record<GoogleService, string>;
  /** where credentials become access tokens */
  token: string;
  /** what an access token says of itself */
  tokenInfo: string;
  /** the metadata server of a machine of Google's; it speaks plain HTTP, on a link that doesn't leave the machine */
  metadata: string;
};

/**
 * Where Google's APIs are.
 *
 * @param override SLUICE_GOOGLE_ENDPOINT: one server that has all of them, each under a path of its own; null: Google's
 * @throws Error if tokens would go to it in plain text
 */
export function googleEndpoints(override: string | null): GoogleEndpoints {
  if (override === null)
    return {
      services: servicesBy(({ host, path }) => `https://${host}/${path}`),
      token: tokenUriOf(null),
      tokenInfo: "https://oauth2.googleapis.com/tokeninfo",
      metadata: "http://metadata.google.internal/computeMetadata/v1/",
    };
  if (!isEndpointOverride(override))
    throw new Error("The address instead of Google's has to be https, or http on this machine's loopback.");
  const { origin } = new URL(override);
  return {
    services: servicesBy(({ path, under = "" }) => `${origin}/${under}${path}`),
    token: tokenUriOf(override),
    tokenInfo: `${origin}/tokeninfo`,
    metadata: `${origin}/computeMetadata/v1/`,
  };
}

function servicesBy(
  addressOf: (place: { host: string; path: string; under?: string }) => string,
): Record<GoogleService, string> {
  const pairs = Object.entries(places).map(([service, place]) => [service, addressOf(place)]);
  return Object.fromEntries(pairs) as Record<GoogleService, string>;
}
