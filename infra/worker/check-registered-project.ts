import { checkProject } from "#infra/google/check-project.ts";
import { googleEndpoints, type GoogleEndpoints } from "#infra/google/endpoints.ts";
import { explainTrouble } from "#infra/google/explain-trouble.ts";
import { workerCredentials } from "#infra/google/worker-credentials.ts";
import type { JobContext } from "#infra/worker/job-loop.ts";
import { unseal } from "#lib/secrets/seal.ts";
import { parseServiceAccountKey, type WorkerCredentials } from "#lib/targets/gke/credentials.ts";
import { nothingFound, type ProjectFindings } from "#lib/targets/gke/findings.ts";
import { projectSettings, type ProjectSettings } from "#lib/targets/gke/project-settings.ts";
import type { Target } from "#prisma/generated/client.ts";

/** Looks at a Google project by its target's own credentials; ones that can't be used are something found too. */
export async function checkRegisteredProject(
  ctx: JobContext,
  row: Target,
  signal: AbortSignal,
): Promise<ProjectFindings> {
  const settings = projectSettings.parse(row.settings);
  const { project, location, nodeServiceAccount } = settings;
  const endpoints = googleEndpoints(ctx.googleEndpoint);
  let credentials: WorkerCredentials;
  try {
    credentials = await openCredentials(ctx, row, settings, endpoints);
  } catch (error) {
    return nothingFound(explainTrouble(error, project));
  }
  return checkProject({ credentials, project, location, nodeServiceAccount }, { endpoints, signal });
}

/** @throws UnsealError or CredentialsError */
async function openCredentials(
  { sealingKey }: JobContext,
  row: Target,
  { account }: ProjectSettings,
  endpoints: GoogleEndpoints,
): Promise<WorkerCredentials> {
  if (account === "worker") return workerCredentials(endpoints);
  return parseServiceAccountKey(unseal(sealingKey, row.id, row.credentials ?? ""), {
    tokenUri: endpoints.token,
  });
}
