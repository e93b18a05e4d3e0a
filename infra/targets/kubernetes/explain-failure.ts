import { EngineError } from "#infra/engine/driver.ts";
import { ApiError, type ApiClient } from "#infra/kubernetes/api-client.ts";
import type { Job } from "#infra/runner/messages.ts";
import { everyTrouble } from "#infra/targets/kubernetes/every-trouble.ts";
import { explainCluster } from "#infra/targets/kubernetes/preflight.ts";

const withinMs = 15_000;

/**
 * What a failed run of the engine was about, by the cluster's own words: why pods aren't ready, a right that is
 * missing, an API server that went away. Of what the cluster knows nothing of, the engine's own word stands: pods of what
 * didn't fail may just be on their way.
 *
 * @param failed the resources (`resourceKey`) whose steps failed
 */
export async function explainFailure(
  api: ApiClient,
  job: Pick<Job, "deploymentId" | "spec">,
  error: EngineError,
  failed: ReadonlySet<string>,
): Promise<EngineError> {
  if (error.code !== "engine_failed") return error;
  const forbidden = error.logLines.find((line) => /is forbidden|\bForbidden\b/.test(line));
  if (forbidden)
    return asEngineError(explainCluster(new ApiError(403, "Forbidden", forbidden.trim())), error);
  const troubles = await everyTrouble(api, job, AbortSignal.timeout(withinMs)).catch(() => []);
  const trouble = troubles.find(({ of, mayPass }) => !mayPass && (of === null || failed.has(of)));
  return trouble ? new EngineError(trouble.code, trouble.message, trouble.logLines, error) : error;
}

function asEngineError(found: unknown, otherwise: EngineError): EngineError {
  return found instanceof EngineError ? found : otherwise;
}
