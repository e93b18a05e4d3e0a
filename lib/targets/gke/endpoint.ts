import type { Spec } from "#lib/deployments/spec.ts";
import type { EndpointView } from "#lib/deployments/view.ts";

/**
 * Where a deployment is reached: at its address, by its domain's name where it has one.
 *
 * @param ip the reserved address
 * @param domain whose certificate Google gets
 */
export function gkeEndpoint(
  ip: string,
  { endpoint, routing }: Pick<Spec, "endpoint" | "routing">,
  domain: string | null,
): EndpointView {
  const { tls, access } = endpoint;
  const isSecure = routing.layer === 7 && (tls.mode !== "none" || domain !== null);
  return {
    url: `${isSecure ? "https" : "http"}://${domain !== null && isSecure ? domain : ip}`,
    ip,
    port: isSecure ? 443 : 80,
    access,
    ...(isSecure && tls.mode !== "none" && { certificate: tls.certificate }),
  };
}
