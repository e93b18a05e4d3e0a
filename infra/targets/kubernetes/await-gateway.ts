import { EngineError } from "#infra/engine/driver.ts";
import type { ApiClient } from "#infra/kubernetes/api-client.ts";
import { findGateway, troubleOfGateway } from "#infra/targets/kubernetes/gateway-trouble.ts";
import { explainCluster } from "#infra/targets/kubernetes/preflight.ts";
import { programmedWithinSeconds } from "#lib/targets/kubernetes/manifests/gateway.ts";

const pauseMs = 2_000;

/**
 * Waits until a deployment's Gateway has its address. The engine waits for one that it makes or changes; one that it only
 * looked at, after a failure, counts as ready to it.
 *
 * @returns what its controller says of it; undefined: it isn't there
 * @throws EngineError `gateway_failed`, `target_unreachable` or `target_refused`
 */
export async function awaitGateway(
  api: ApiClient,
  deploymentId: string,
  signal: AbortSignal,
): Promise<unknown> {
  const giveUpAt = performance.now() + programmedWithinSeconds * 1000;
  for (;;) {
    const gateway = await findGateway(api, deploymentId, signal).catch((error: unknown) => {
      throw explainCluster(error);
    });
    const trouble = gateway && troubleOfGateway(gateway);
    if (!trouble) return gateway?.status;
    if (performance.now() >= giveUpAt) throw new EngineError(trouble.code, trouble.message, trouble.logLines);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    signal.throwIfAborted();
  }
}
