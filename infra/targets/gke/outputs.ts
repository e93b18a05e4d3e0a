import * as z from "zod";
import { EngineError } from "#infra/engine/driver.ts";
import type { Spec } from "#lib/deployments/spec.ts";
import type { EndpointView } from "#lib/deployments/view.ts";
import type { GkeSettings } from "#lib/targets/gke/settings.ts";

const outputs = z.object({ address: z.ipv4() });

/**
 * Where a deployment is reached: at the reserved address, by its domain's name where it has one.
 *
 * @throws EngineError `endpoint_failed` if Google gave no address
 */
export function endpointOf(
  programOutputs: unknown,
  { endpoint, routing }: Pick<Spec, "endpoint" | "routing">,
  { domain }: Pick<GkeSettings, "domain">,
): EndpointView {
  const parsed = outputs.safeParse(programOutputs);
  if (!parsed.success)
    throw new EngineError("endpoint_failed", "All is made, but Google told no address of it. Retry.");
  const { address: ip } = parsed.data;
  const hasOwn = endpoint.tls.mode !== "none";
  const isSecure = routing.layer === 7 && (hasOwn || domain !== null);
  return {
    url: `${isSecure ? "https" : "http"}://${domain && isSecure ? domain.name : ip}`,
    ip,
    port: isSecure ? 443 : 80,
    access: endpoint.access,
    ...(isSecure && endpoint.tls.mode !== "none" && { certificate: endpoint.tls.certificate }),
  };
}
