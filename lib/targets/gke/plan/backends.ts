import { globalLink, groupLink } from "#lib/targets/gke/links.ts";
import { groupService, variantServiceName } from "#lib/targets/gke/manifests.ts";
import { backendName } from "#lib/targets/gke/names.ts";
import { marked, planned, type Parts } from "#lib/targets/gke/plan/parts.ts";
import { gkeTypes } from "#lib/targets/gke/types.ts";
import { planned as plannedObject, type NamespacePlan } from "#lib/targets/kubernetes/plan-namespace.ts";
import { objectNames, proxyPlaces } from "#lib/targets/kubernetes/settings.ts";
import { kubernetesTypes } from "#lib/targets/kubernetes/types.ts";
import { resourceKey, type PlannedResource } from "#lib/targets/plan.ts";

/** The longest that Google waits for requests of a pod that leaves, in seconds. */
const longestDraining = 3600;

/** What Google's load balancer sends requests to: one variant's pods, or HAProxy's. */
type Backend = { variant: string | null; healthCheck: Record<string, unknown>; of: PlannedResource[] };

/** For each variant, or for HAProxy: health check, Service with a group of addresses, backend service. */
export function planBackends(
  parts: Parts,
  namespace: NamespacePlan,
  firewall: readonly PlannedResource[],
): PlannedResource[] {
  return backendsOf(parts, namespace).flatMap((backend) => {
    const check = healthCheckOf(parts, backend);
    const service = serviceOf(parts, namespace, backend);
    return [check, service, backendServiceOf(parts, backend, [...firewall, check, service])];
  });
}

/** The logical name of a backend's parts. */
export function backendKey(variant: string | null): string {
  return variant === null ? "proxy" : `variant-${variant}`;
}

function backendsOf({ spec, loadBalancer }: Parts, { models, proxy }: NamespacePlan): Backend[] {
  const deployments = (all: PlannedResource[]) =>
    all.filter(({ type }) => type === kubernetesTypes.deployment);
  if (loadBalancer === "google-and-proxy") {
    // Its own port for this: on the other one a path is the model's, and may need a key.
    const healthCheck = {
      portSpecification: "USE_FIXED_PORT",
      port: proxyPlaces.status,
      requestPath: proxyPlaces.healthPath,
    };
    return [{ variant: null, healthCheck, of: deployments(proxy) }];
  }
  return spec.variants.map(({ name, healthPath }) => ({
    variant: name,
    healthCheck: { portSpecification: "USE_SERVING_PORT", requestPath: healthPath },
    of: deployments(models).filter(({ component }) => component?.name === name),
  }));
}

function healthCheckOf(parts: Parts, { variant, healthCheck }: Backend): PlannedResource {
  const whose = variant === null ? "HAProxy serves" : `the pods of ${variant} serve`;
  return planned(parts, gkeTypes.healthCheck, backendKey(variant), `Google asks every 5 s whether ${whose}`, {
    name: backendName(parts.deploymentId, variant),
    description: marked(parts).description,
    checkIntervalSec: 5,
    timeoutSec: 5,
    healthyThreshold: 1,
    unhealthyThreshold: 2,
    httpHealthCheck: healthCheck,
  });
}

function serviceOf(
  { deploymentId, settings }: Parts,
  { owner, base }: NamespacePlan,
  { variant, of }: Backend,
): PlannedResource {
  const pods =
    variant === null ? { ...owner, role: "proxy" as const } : { ...owner, role: "model" as const, variant };
  const name = variant === null ? objectNames.endpoint : variantServiceName(variant);
  return plannedObject(
    groupService({ ...owner, role: "endpoint" }, name, pods, backendName(deploymentId, variant)),
    `The addresses of its pods, as a group in ${settings.zones.join(", ")}`,
    [...base.slice(0, 1), ...of].map(resourceKey),
  );
}

function backendServiceOf(
  parts: Parts,
  { variant }: Backend,
  before: readonly PlannedResource[],
): PlannedResource {
  const { deploymentId, settings } = parts;
  const { project, zones, logSampleRate, streamLimitSeconds } = settings;
  const name = backendName(deploymentId, variant);
  const whose = variant === null ? "HAProxy, which routes" : variant;
  const logged = logSampleRate > 0 ? `${Math.round(logSampleRate * 100)} % of requests are` : "nothing is";
  return planned(
    parts,
    gkeTypes.backendService,
    backendKey(variant),
    `Google's way to ${whose}; ${logged} logged`,
    {
      name,
      description: marked(parts).description,
      loadBalancingScheme: "EXTERNAL_MANAGED",
      protocol: "HTTP",
      backends: zones.map((zone) => ({
        group: groupLink(project, zone, name),
        balancingMode: "RATE",
        maxRatePerEndpoint: settings.maxRatePerEndpoint,
        capacityScaler: 1,
      })),
      healthChecks: globalLink(project, "healthChecks", name),
      timeoutSec: streamLimitSeconds,
      connectionDrainingTimeoutSec: Math.min(streamLimitSeconds, longestDraining),
      ...balancingOf(parts, variant),
      logConfig: logSampleRate > 0 ? { enable: true, sampleRate: logSampleRate } : { enable: false },
    },
    before,
  );
}

const policies = {
  "round-robin": "ROUND_ROBIN",
  "least-connections": "LEAST_REQUEST",
  random: "RANDOM",
} as const;

/** Which pod a request goes to. Whom a client sticks to is decided by a hash of it, so no other algorithm counts then. */
function balancingOf({ spec }: Parts, variant: string | null) {
  const { algorithm, affinity } = spec.routing;
  if (variant === null) return { sessionAffinity: "NONE", localityLbPolicy: policies["round-robin"] };
  if (affinity.by === "none") return { sessionAffinity: "NONE", localityLbPolicy: policies[algorithm] };
  const sessionAffinity = affinity.by === "ip" ? "CLIENT_IP" : "GENERATED_COOKIE";
  return { sessionAffinity, localityLbPolicy: "MAGLEV" };
}
