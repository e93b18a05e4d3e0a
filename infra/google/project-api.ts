import { googleApi, quotaProjectOf, type GoogleApi } from "#infra/google/api-client.ts";
import { googleEndpoints, type GoogleEndpoints } from "#infra/google/endpoints.ts";
import { tokenSource, type TokenSource } from "#infra/google/mint-token.ts";
import type { WorkerCredentials } from "#lib/targets/gke/credentials.ts";

/**
 * Google's APIs as who asks for a target.
 *
 * @param tokens the account's, unless they are made here of its credentials
 * @param googleEndpoint SLUICE_GOOGLE_ENDPOINT; null: at Google
 * @returns `overridden`: where the APIs are instead of at Google, for whom it may concern; null: there
 */
export function projectApi({
  credentials,
  tokens,
  project,
  googleEndpoint,
}: {
  credentials: WorkerCredentials;
  tokens?: TokenSource;
  project: string;
  googleEndpoint: string | null;
}): { api: GoogleApi; overridden: GoogleEndpoints | null } {
  const endpoints = googleEndpoints(googleEndpoint);
  const api = googleApi({
    endpoints,
    tokens: tokens ?? tokenSource(credentials, { endpoints }),
    quotaProject: quotaProjectOf(credentials, project),
  });
  return { api, overridden: googleEndpoint === null ? null : endpoints };
}
