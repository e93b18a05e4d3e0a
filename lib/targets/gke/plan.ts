import type { Spec } from "#lib/deployments/spec.ts";
import { loadBalancerOf } from "#lib/targets/gke/load-balancer.ts";
import { planBackends } from "#lib/targets/gke/plan/backends.ts";
import { planCertificates } from "#lib/targets/gke/plan/certificates.ts";
import { checkSettings } from "#lib/targets/gke/plan/check-settings.ts";
import { planCluster } from "#lib/targets/gke/plan/cluster.ts";
import { planAddress, planFrontend, planNetworkService } from "#lib/targets/gke/plan/load-balancer.ts";
import { planFirewall, planNetwork } from "#lib/targets/gke/plan/network.ts";
import type { Parts } from "#lib/targets/gke/plan/parts.ts";
import { planStaticContent } from "#lib/targets/gke/plan/static-content.ts";
import type { GkeSettings } from "#lib/targets/gke/settings.ts";
import { gkeTypes } from "#lib/targets/gke/types.ts";
import { planNamespace } from "#lib/targets/kubernetes/plan-namespace.ts";
import { resourceKey, type PlannedResource } from "#lib/targets/plan.ts";

/**
 * The resources of a deployment on GKE, in order: Google's by the SDK's names for their inputs, and those in the cluster
 * as on the Kubernetes target. One names another by what is known before, so no input waits for an output. What is
 * secret is only named.
 *
 * Whoever runs it sees to what isn't a resource: the groups of pods' addresses are there before the backend services
 * that name them and gone before the namespace, the static files come into their bucket, and what is in `ignoredChanges`
 * and `updateTimeouts` (types.ts) holds.
 *
 * @throws Error if the settings don't fit the spec
 */
export function planGke(deploymentId: string, spec: Spec, settings: GkeSettings): PlannedResource[] {
  checkSettings(spec, settings);
  const loadBalancer = loadBalancerOf(spec);
  const parts: Parts = { deploymentId, spec, settings, loadBalancer };
  const address = planAddress(parts);
  const network = planNetwork(parts);
  const cluster = planCluster(parts, network);
  const firewall = planFirewall(parts, network);
  const namespace = planInCluster(parts, [...cluster, ...firewall]);
  const inCluster = [...namespace.base, ...namespace.models, ...namespace.proxy];
  const below = [address, ...network, ...cluster, ...firewall];
  if (loadBalancer === "service")
    return [...below, ...inCluster, planNetworkService(parts, namespace, address)];
  const certificates = planCertificates(parts);
  const files = planStaticContent(parts);
  const backends = planBackends(parts, namespace, firewall);
  const targets = [...files, ...backends].filter(
    ({ type }) => type === gkeTypes.backendService || type === gkeTypes.backendBucket,
  );
  return [
    ...below,
    ...certificates,
    ...files,
    ...inCluster,
    ...backends,
    ...planFrontend(parts, { address, certificates, backends: targets }),
  ];
}

/** HTTPS ends at Google's load balancer, so nothing in the cluster has a certificate. */
function planInCluster({ deploymentId, spec, settings, loadBalancer }: Parts, before: PlannedResource[]) {
  const { variants, proxy, pullSecretFingerprint, streamLimitSeconds } = settings;
  const inside: Spec = { ...spec, endpoint: { ...spec.endpoint, tls: { mode: "none" } } };
  return planNamespace(
    deploymentId,
    inside,
    {
      variants,
      proxy,
      pullSecretFingerprint,
      streamLimitSeconds,
      gatewayClass: null,
      serviceType: "LoadBalancer",
    },
    {
      withProxy: loadBalancer === "google-and-proxy",
      after: before
        .filter(({ type }) => type === gkeTypes.nodePool || type === gkeTypes.firewall)
        .map(resourceKey),
    },
  );
}
