import { EngineError } from "#infra/engine/driver.ts";
import type { ApiClient } from "#infra/kubernetes/api-client.ts";
import type { Job } from "#infra/runner/messages.ts";
import { findGateway, troubleOfGateway } from "#infra/targets/kubernetes/gateway-trouble.ts";
import { explainCluster } from "#infra/targets/kubernetes/preflight.ts";
import { troublesOf } from "#infra/targets/kubernetes/troubles.ts";
import type { Trouble } from "#infra/targets/target.ts";

/**
 * What keeps a deployment from being ready. A cluster that doesn't answer, or doesn't allow to look, is one too:
 * nothing gets ready that nobody can see.
 */
export async function everyTrouble(
  api: ApiClient,
  { deploymentId, spec }: Pick<Job, "deploymentId" | "spec">,
  signal: AbortSignal,
): Promise<Trouble[]> {
  try {
    const ofPods = await troublesOf(api, deploymentId, signal);
    // An account needs no right to Gateways where there is none.
    const gateway = spec.endpoint.gatewayClass && (await findGateway(api, deploymentId, signal));
    const ofGateway = gateway && troubleOfGateway(gateway);
    return ofGateway ? [...ofPods, ofGateway] : ofPods;
  } catch (error) {
    const known = explainCluster(error);
    if (!(known instanceof EngineError)) throw error;
    const { code, message, logLines } = known;
    return [{ code, message, logLines, of: null }];
  }
}
