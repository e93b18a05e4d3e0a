import * as z from "zod";
import { EngineError } from "#infra/engine/driver.ts";
import type { Spec } from "#lib/deployments/spec.ts";
import type { EndpointView } from "#lib/deployments/view.ts";
import { gkeEndpoint } from "#lib/targets/gke/endpoint.ts";
import type { GkeSettings } from "#lib/targets/gke/settings.ts";

const outputs = z.object({ address: z.ipv4() });

/**
 * Where a deployment is reached: at the reserved address, by its domain's name where it has one.
 *
 * @throws EngineError `endpoint_failed` if Google gave no address
 */
export function endpointOf(
  programOutputs: unknown,
  spec: Pick<Spec, "endpoint" | "routing">,
  { domain }: Pick<GkeSettings, "domain">,
): EndpointView {
  const parsed = outputs.safeParse(programOutputs);
  if (!parsed.success)
    throw new EngineError("endpoint_failed", "All is made, but Google told no address of it. Retry.");
  return gkeEndpoint(parsed.data.address, spec, domain?.name ?? null);
}
