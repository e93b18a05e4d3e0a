import { setTimeout as pause } from "node:timers/promises";
import { askApi, requestApi, type ApiServer, type KubernetesObject } from "#e2e/cluster/api.ts";

/**
 * Addresses that a cloud's load balancers might have. They are of the Services' range, so packets to them are routed to
 * the rules of kube-proxy, and far from those that are given out first.
 */
const addresses = Array.from({ length: 254 }, (_, index) => `10.96.255.${254 - index}`);

/** Of Services that Google's controller serves. */
const googles = "cloud.google.com/l4-rbs";

/**
 * Does what a cloud does: gives each Service of type LoadBalancer an address of its own. Kube-proxy then answers on it.
 *
 * @returns what ends it
 */
export function giveLoadBalancers(admin: ApiServer): AsyncDisposable {
  let isOver = false;
  const work = (async () => {
    while (!isOver) {
      try {
        await giveAll(admin);
      } catch (error) {
        // As any controller does: what is missing now is given the next time.
        console.error(`No addresses this time: ${String(error)}`);
      }
      await pause(200);
    }
  })();
  return {
    async [Symbol.asyncDispose]() {
      isOver = true;
      await work;
    },
  };
}

async function giveAll(admin: ApiServer): Promise<void> {
  const services = (await requestApi(admin, "/api/v1/services")).items as KubernetesObject[];
  const used = new Set(services.flatMap((service) => ingressOf(service).map(({ ip }) => ip)));
  for (const service of services) {
    const { namespace, name, annotations } = service.metadata as KubernetesObject;
    if (service.spec.type !== "LoadBalancer" || annotations?.[googles]) continue;
    if (ingressOf(service).length > 0) continue;
    const ip = addresses.find((address) => !used.has(address));
    if (!ip) throw new Error("Every address is given out.");
    used.add(ip);
    const { status, body } = await askApi(admin, `/api/v1/namespaces/${namespace}/services/${name}/status`, {
      method: "PATCH",
      contentType: "application/merge-patch+json",
      body: { status: { loadBalancer: { ingress: [{ ip }] } } },
    });
    // One that went meanwhile needs none.
    if (status >= 300 && status !== 404) throw new Error(`${name}: ${status} ${JSON.stringify(body)}`);
  }
}

function ingressOf({ status }: KubernetesObject): { ip?: string }[] {
  return status.loadBalancer?.ingress ?? [];
}
