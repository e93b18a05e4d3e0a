import { setTimeout as pause } from "node:timers/promises";
import { requestApi, type ApiServer, type KubernetesObject } from "#e2e/cluster/api.ts";

/**
 * An address that a cloud's load balancer might have. It is of the Services' range, so packets to it are routed to the
 * rules of kube-proxy, and far from those that are given out first.
 */
const address = "10.96.255.254";

/**
 * Does what a cloud does: gives Services of type LoadBalancer an address. Kube-proxy then answers on it.
 *
 * @returns what ends it
 */
export function giveLoadBalancers(admin: ApiServer): AsyncDisposable {
  let isOver = false;
  const work = (async () => {
    while (!isOver) {
      const { items } = await requestApi(admin, "/api/v1/services");
      for (const service of items as KubernetesObject[]) await give(admin, service);
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

async function give(admin: ApiServer, { metadata, spec, status }: KubernetesObject): Promise<void> {
  if (spec.type !== "LoadBalancer" || status.loadBalancer.ingress) return;
  const { namespace, name } = metadata as { namespace: string; name: string };
  await requestApi(admin, `/api/v1/namespaces/${namespace}/services/${name}/status`, {
    method: "PATCH",
    contentType: "application/merge-patch+json",
    body: { status: { loadBalancer: { ingress: [{ ip: address }] } } },
  });
}
