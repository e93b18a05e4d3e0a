import type { GoogleApi } from "#infra/google/api-client.ts";
import { googleEndpoints } from "#infra/google/endpoints.ts";
import { projectApi } from "#infra/google/project-api.ts";
import { workerTokens } from "#infra/google/worker-tokens.ts";
import type { OpenedProject } from "#lib/targets/open-target.ts";

/**
 * Google's APIs as a registered project is asked.
 *
 * @param googleEndpoint SLUICE_GOOGLE_ENDPOINT; null: Google's own
 * @throws CredentialsError for what the worker's machine has, where that is asked for
 */
export async function openApi(target: OpenedProject, googleEndpoint: string | null): Promise<GoogleApi> {
  const { credentials: stored, settings } = target;
  const who =
    "from" in stored ? await workerTokens(googleEndpoints(googleEndpoint)) : { credentials: stored };
  return projectApi({ ...who, project: settings.project, googleEndpoint }).api;
}
