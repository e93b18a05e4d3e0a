import type { Spec } from "#lib/deployments/spec.ts";
import { gatewayLacks } from "#lib/routing/http-route.ts";
import {
  loadBalancerOf,
  needsProxy,
  proxyTakesHttp,
  type LoadBalancer,
} from "#lib/targets/kubernetes/load-balancer.ts";
import { endpointService } from "#lib/targets/kubernetes/manifests/endpoint.ts";
import {
  gatewayManifest,
  redirectRoute,
  routesToModels,
  routesToProxy,
} from "#lib/targets/kubernetes/manifests/gateway.ts";
import type { Owner } from "#lib/targets/kubernetes/manifests/metadata.ts";
import {
  hasTls,
  planned,
  planNamespace,
  type Manifest,
  type NamespacePlan,
} from "#lib/targets/kubernetes/plan-namespace.ts";
import { objectNames, type KubernetesSettings } from "#lib/targets/kubernetes/settings.ts";
import { kubernetesTypes } from "#lib/targets/kubernetes/types.ts";
import { resourceKey, type PlannedResource } from "#lib/targets/plan.ts";

/**
 * The resources of a deployment in a cluster that one has, in order. The Pulumi program registers exactly these
 * (infra/targets/kubernetes/program.ts). An input is a manifest's field, and what is secret in it is only named.
 *
 * @throws Error if the settings don't fit the spec: a variant's are missing, or HAProxy's
 */
export function planKubernetes(
  deploymentId: string,
  spec: Spec,
  settings: KubernetesSettings,
): PlannedResource[] {
  const parts = planNamespace(deploymentId, spec, settings, { withProxy: needsProxy(spec, settings) });
  const { base, models, proxy } = parts;
  const loadBalancer = loadBalancerOf(spec, settings);
  return [...base, ...models, ...proxy, ...entryOf({ ...parts, spec, settings, loadBalancer })];
}

type Parts = NamespacePlan & {
  spec: Spec;
  settings: KubernetesSettings;
  loadBalancer: LoadBalancer;
};

const httpsAlone =
  "; by HTTPS alone, since which port of the nodes to send HTTP's callers to isn't known before it is there";

/**
 * What a caller's requests come to first. Its Service is in no group: the engine knows a resource by its group too,
 * and one that changed groups would be made anew, then deleted under the same name.
 */
function entryOf(parts: Parts): PlannedResource[] {
  const { owner: of, settings, models, loadBalancer, proxy } = parts;
  const { serviceType } = settings;
  const owner: Owner = { ...of, role: "endpoint" };
  const access = parts.spec.endpoint.access === "open" ? "open to all" : "private: a key is needed";
  const isProxy = loadBalancer === "proxy";
  const hasHttp = !isProxy || proxyTakesHttp(parts.spec, settings);
  // Where HAProxy or a Gateway chooses the replica, the Service has no say in it.
  const isSticky = loadBalancer === "service" && parts.spec.routing.affinity.by === "ip";
  const service = (
    pods: Owner,
    type: typeof serviceType | "ClusterIP",
    summary: string,
    before: PlannedResource[],
  ) =>
    planned(
      endpointService({ owner, pods, type, hasHttp, hasTls: hasTls(parts.spec) && isProxy, isSticky }),
      summary,
      before.filter((r) => r.type === kubernetesTypes.deployment).map(resourceKey),
    );
  const toProxy = { ...of, role: "proxy" } as const;
  switch (loadBalancer) {
    case "service":
      return [
        service({ ...of, role: "model" }, serviceType, "Layer 4: the replicas' address, open to all", models),
      ];
    case "proxy":
      return [service(toProxy, serviceType, `The address, ${access}${hasHttp ? "" : httpsAlone}`, proxy)];
    case "gateway":
      return gatewayOf(parts, access, models);
    case "gateway-and-proxy": {
      const inside = service(toProxy, "ClusterIP", "HAProxy, for the Gateway", proxy);
      return [inside, ...gatewayOf(parts, access, [inside])];
    }
  }
}

function gatewayOf(
  { owner: of, spec, settings, base, loadBalancer }: Parts,
  access: string,
  before: PlannedResource[],
): PlannedResource[] {
  const owner: Owner = { ...of, role: "endpoint" };
  const isSecure = hasTls(spec);
  const component = { type: "Gateway", name: objectNames.gateway } as const;
  const add = (manifest: Manifest, summary: string, dependsOn: PlannedResource[]): PlannedResource => ({
    ...planned(manifest, summary, dependsOn.map(resourceKey)),
    component,
  });
  const gateway = add(
    gatewayManifest(owner, settings.gatewayClass ?? "", isSecure),
    `The address, by Gateway class ${settings.gatewayClass}, ${access}`,
    base.filter(({ name, type }) => type === kubernetesTypes.namespace || name === objectNames.tls),
  );
  const behind = before.filter(({ type }) => type !== kubernetesTypes.autoscaler);
  const ports = Object.fromEntries(Object.entries(settings.variants).map(([name, { port }]) => [name, port]));
  const routes =
    loadBalancer === "gateway"
      ? add(
          routesToModels(owner, spec, ports, isSecure, settings.streamLimitSeconds),
          `${spec.routing.rules.length} rules, then weights`,
          [gateway, ...behind],
        )
      : add(
          routesToProxy(owner, isSecure, settings.streamLimitSeconds),
          `All to HAProxy, which does what a Gateway lacks: ${gatewayLacks(spec).join(", ")}`,
          [gateway, ...behind],
        );
  return [gateway, routes, ...(isSecure ? [add(redirectRoute(owner), "From HTTP to HTTPS", [gateway])] : [])];
}
