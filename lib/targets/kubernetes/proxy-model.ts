import type { Spec } from "#lib/deployments/spec.ts";
import { proxyTakesHttp } from "#lib/targets/kubernetes/load-balancer.ts";
import {
  drainSeconds,
  modelServerName,
  namespaceOf,
  proxyPlaces,
  variantSettings,
  type KubernetesSettings,
} from "#lib/targets/kubernetes/settings.ts";

type Settings = Pick<
  KubernetesSettings,
  "variants" | "gatewayClass" | "serviceType" | "streamLimitSeconds"
> & {
  /** Google's load balancer is before it, and HTTPS ends there */
  behind?: "google";
};

/**
 * All that HAProxy's configuration in a deployment's namespace is rendered from (infra/haproxy/render-cluster.ts):
 * where this is the same, so is the configuration, and HAProxy's pods stay.
 *
 * @param clusterDomain what the cluster's DNS names end in
 */
export function proxyModel(
  deploymentId: string,
  spec: Spec,
  settings: Settings,
  clusterDomain = "cluster.local",
) {
  const behind = settings.behind ?? behindGateway(settings.gatewayClass);
  // What is before it has the certificate.
  const isSecure = spec.endpoint.tls.mode !== "none" && !behind;
  return {
    deploymentId,
    access: spec.endpoint.access,
    routes: {
      rules: spec.routing.rules,
      weights: spec.variants.map(({ name, weight }) => ({ variant: name, weight })),
    },
    algorithm: spec.routing.algorithm,
    affinity: spec.routing.affinity,
    pools: spec.variants.map((variant) => ({
      variant: variant.name,
      healthPath: variant.healthPath,
      // With the dot at its end it is a whole name, and no search list is tried.
      host: `${modelServerName(variant.name)}.${namespaceOf(deploymentId)}.svc.${clusterDomain}.`,
      port: variantSettings(settings, variant).port,
      // One more is there during a rollout.
      slots: variant.scaling.maxReplicas + 1,
      maxConnections: null,
    })),
    bind: { addressesIn: proxyPlaces.addressesIn },
    port: isSecure ? proxyPlaces.https : proxyPlaces.http,
    certificate: isSecure ? `${proxyPlaces.tls}/tls.crt` : null,
    redirect: isSecure && proxyTakesHttp(spec, settings) ? { port: proxyPlaces.http, to: 443 } : null,
    keyMap: `${proxyPlaces.keys}/${proxyPlaces.keyFile}`,
    folder: proxyPlaces.config,
    adminPort: proxyPlaces.admin,
    status: {
      port: proxyPlaces.status,
      readyPath: proxyPlaces.healthPath,
      metricsPath: proxyPlaces.metricsPath,
    },
    ...(behind && { behind }),
    hardStopAfter: drainSeconds + settings.streamLimitSeconds,
  };
}

/** GKE's own classes are Google's load balancer: cloud.google.com/kubernetes-engine/docs/concepts/gateway-api. */
function behindGateway(gatewayClass: string | null): "google" | "gateway" | undefined {
  if (gatewayClass === null) return undefined;
  return gatewayClass.startsWith("gke-l7-") ? "google" : "gateway";
}
