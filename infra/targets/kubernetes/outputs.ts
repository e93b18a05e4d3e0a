import { isIPv6 } from "node:net";
import * as z from "zod";
import { EngineError } from "#infra/engine/driver.ts";
import type { Spec } from "#lib/deployments/spec.ts";
import type { EndpointView } from "#lib/deployments/view.ts";

const port = z.looseObject({ name: z.string().nullish(), port: z.int(), nodePort: z.int().nullish() });
const ingress = z.looseObject({ ip: z.string().nullish(), hostname: z.string().nullish() });
const ofGateway = z.object({
  gateway: z.looseObject({ addresses: z.array(z.looseObject({ value: z.string() })).min(1) }),
});
const ofService = z.object({
  service: z.looseObject({ type: z.string(), ports: z.array(port).min(1) }),
  serviceStatus: z
    .looseObject({ loadBalancer: z.looseObject({ ingress: z.array(ingress).nullish() }).nullish() })
    .nullish(),
});

/**
 * Where a deployment is reached, by what the program's outputs say.
 *
 * @param nodeHost an address of the cluster's nodes, for a Service that is a port of each of them; asked only then
 * @throws EngineError `endpoint_failed` if there is no address
 */
export async function endpointOf(
  programOutputs: unknown,
  spec: Pick<Spec, "endpoint" | "routing">,
  nodeHost: () => Promise<string | null>,
): Promise<EndpointView> {
  const isSecure = spec.routing.layer === 7 && spec.endpoint.tls.mode !== "none";
  const found = await addressOf(programOutputs, isSecure ? "https" : "http", nodeHost);
  if (!found) throw new EngineError("endpoint_failed", noAddress);
  const host = isIPv6(found.host) ? `[${found.host}]` : found.host;
  const scheme = isSecure ? "https" : "http";
  const isUsual = found.port === (isSecure ? 443 : 80);
  return {
    url: `${scheme}://${host}${isUsual ? "" : `:${found.port}`}`,
    ip: found.host,
    port: found.port,
    access: spec.endpoint.access,
    ...(spec.endpoint.tls.mode !== "none" && isSecure && { certificate: spec.endpoint.tls.certificate }),
  };
}

const noAddress =
  "All is made, but the cluster gave it no address. Does it give addresses to Services of type LoadBalancer? If not, choose “Service of type NodePort” under “Reached by” in the deployment’s settings.";

async function addressOf(
  programOutputs: unknown,
  portName: string,
  nodeHost: () => Promise<string | null>,
): Promise<{ host: string; port: number } | null> {
  const gateway = ofGateway.safeParse(programOutputs);
  if (gateway.success) {
    return { host: gateway.data.gateway.addresses[0]!.value, port: portName === "https" ? 443 : 80 };
  }
  const parsed = ofService.safeParse(programOutputs);
  if (!parsed.success) return null;
  const { service, serviceStatus } = parsed.data;
  const own = service.ports.find(({ name }) => name === portName) ?? service.ports[0]!;
  if (service.type === "NodePort") {
    const host = await nodeHost();
    return host && own.nodePort ? { host, port: own.nodePort } : null;
  }
  const [first] = serviceStatus?.loadBalancer?.ingress ?? [];
  const host = first?.ip ?? first?.hostname;
  return host ? { host, port: own.port } : null;
}
