import type { GoogleEndpoints } from "#infra/google/endpoints.ts";
import type { WorkerCredentials } from "#lib/targets/gke/credentials.ts";

/**
 * By itself the plugin asks at each start which regions there are: as whoever the machine's own credentials are, and at
 * Google whatever the endpoints (its preConfigureCallback). The target's check has asked, as the right one.
 */
const asksNoRegions = { PULUMI_GCP_SKIP_REGION_VALIDATION: "true" };

/**
 * What the engine's environment has beside the usual, for Google's plugin.
 *
 * @param endpoints where the APIs are instead of at Google; null: there
 */
export function googleEnvironment(
  credentials: WorkerCredentials,
  endpoints: GoogleEndpoints | null,
): Record<string, string> {
  return { ...asksNoRegions, ...whoAsks(credentials, endpoints) };
}

/** The plugin reads GOOGLE_CREDENTIALS before it looks at files and at the machine's metadata server. */
function whoAsks(credentials: WorkerCredentials, endpoints: GoogleEndpoints | null): Record<string, string> {
  switch (credentials.kind) {
    case "service_account":
      return {
        GOOGLE_CREDENTIALS: JSON.stringify({
          type: "service_account",
          project_id: credentials.projectId,
          private_key_id: credentials.privateKeyId,
          private_key: credentials.privateKey,
          client_email: credentials.clientEmail,
          token_uri: credentials.tokenUri,
        }),
      };
    case "authorized_user":
      return {
        GOOGLE_CREDENTIALS: JSON.stringify({
          type: "authorized_user",
          client_id: credentials.clientId,
          client_secret: credentials.clientSecret,
          refresh_token: credentials.refreshToken,
          ...(endpoints && { token_uri: endpoints.token }),
        }),
      };
    case "metadata":
      return endpoints ? { GCE_METADATA_HOST: new URL(endpoints.metadata).host } : {};
  }
}
