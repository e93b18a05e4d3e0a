import { EngineError } from "#infra/engine/driver.ts";
import { ApiError, type ApiClient } from "#infra/kubernetes/api-client.ts";
import { explained } from "#infra/targets/kubernetes/preflight.ts";
import { gatewayTrouble, troublesOf } from "#infra/targets/kubernetes/troubles.ts";

const withinMs = 15_000;

/**
 * What a failed run of the engine was about, by the cluster's own words: why pods aren't ready, a right that is
 * missing, an API server that went away. Of what the cluster knows nothing of, the engine's own word stands.
 */
export async function explainFailure(
  api: ApiClient,
  deploymentId: string,
  error: EngineError,
): Promise<EngineError> {
  if (error.code !== "engine_failed") return error;
  const forbidden = error.logLines.find((line) => /is forbidden|\bForbidden\b/.test(line));
  if (forbidden) return asEngineError(explained(new ApiError(403, "Forbidden", forbidden.trim())), error);
  const signal = AbortSignal.timeout(withinMs);
  try {
    const [trouble] = [
      ...(await troublesOf(api, deploymentId, signal)),
      ...[await gatewayTrouble(api, deploymentId, signal)].filter((one) => one !== null),
    ];
    if (!trouble) return error;
    return new EngineError(trouble.code, trouble.message, trouble.logLines, error);
  } catch (failure) {
    return asEngineError(explained(failure), error);
  }
}

function asEngineError(found: unknown, otherwise: EngineError): EngineError {
  return found instanceof EngineError ? found : otherwise;
}
