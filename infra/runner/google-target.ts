import type { GoogleApi } from "#infra/google/api-client.ts";
import { googleEndpoints } from "#infra/google/endpoints.ts";
import { tokenSource } from "#infra/google/mint-token.ts";
import { projectApi } from "#infra/google/project-api.ts";
import { uploadFiles } from "#infra/google/upload-files.ts";
import { EngineError } from "#infra/engine/driver.ts";
import { hookFailure } from "#infra/resources/google/hook-failure.ts";
import type { JobTarget } from "#infra/runner/messages.ts";
import type { MintedTokens } from "#infra/runner/minted-tokens.ts";
import { googleEnvironment } from "#infra/targets/gke/engine-environment.ts";
import { explainGoogle } from "#infra/targets/gke/explain-google.ts";
import { gkeTarget, type GkeJob } from "#infra/targets/gke/target.ts";
import type { RunnerTarget } from "#infra/targets/target.ts";

/** A deployment's place in a Google project, and what the engine's environment has for it beside the usual. */
export function googleTarget(
  job: GkeJob,
  { settings, secrets, credentials, googleEndpoint, archive }: Extract<JobTarget, { kind: "gke" }>,
  {
    minted,
    ...told
  }: { onAddress(ip: string): void; signal: AbortSignal; settleMs: number; minted: MintedTokens },
): { target: RunnerTarget; environment: Record<string, string> } {
  const tokens = minted.of(tokenSource(credentials, { endpoints: googleEndpoints(googleEndpoint) }));
  const { project } = settings;
  const { api, overridden } = projectApi({ credentials, tokens, project, googleEndpoint });
  return {
    target: gkeTarget(job, {
      settings,
      secrets,
      api,
      endpoints: overridden,
      putFiles: archive === null ? null : puttingFiles(api, { archive, project }, told.signal),
      ...told,
    }),
    environment: googleEnvironment(credentials, overridden),
  };
}

/** Puts an archive's files into a bucket; what Google has against it is said in our words. */
function puttingFiles(
  api: GoogleApi,
  { archive, project }: { archive: string; project: string },
  signal: AbortSignal,
): (bucket: string) => Promise<void> {
  return async (bucket) => {
    try {
      await uploadFiles(api, { bucket, zip: Buffer.from(archive, "base64") }, signal);
    } catch (error) {
      const known = explainGoogle(error, project);
      throw known instanceof EngineError ? hookFailure(known.code, known.message) : known;
    }
  };
}
