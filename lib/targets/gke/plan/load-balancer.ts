import {
  googleLacks,
  redirectToHttps,
  renderUrlMap,
  urlMapToProxy,
  type UrlMap,
} from "#lib/routing/url-map.ts";
import { globalLink } from "#lib/targets/gke/links.ts";
import { networkService } from "#lib/targets/gke/manifests.ts";
import { backendName, mainName, partName } from "#lib/targets/gke/names.ts";
import { certificateLinks } from "#lib/targets/gke/plan/certificates.ts";
import { marked, planned, type Parts } from "#lib/targets/gke/plan/parts.ts";
import { gkeTypes } from "#lib/targets/gke/types.ts";
import { planned as plannedObject, type NamespacePlan } from "#lib/targets/kubernetes/plan-namespace.ts";
import { kubernetesTypes } from "#lib/targets/kubernetes/types.ts";
import { resourceKey, type PlannedResource } from "#lib/targets/plan.ts";

/** The address, reserved before anything else, so that a DNS record can be set meanwhile. */
export function planAddress(parts: Parts): PlannedResource {
  const { deploymentId, settings, loadBalancer } = parts;
  const inputs = { name: mainName(deploymentId), ...marked(parts), addressType: "EXTERNAL" };
  return loadBalancer === "service"
    ? planned(parts, gkeTypes.address, "address", `The address, of ${settings.region}`, {
        ...inputs,
        region: settings.region,
        networkTier: "PREMIUM",
      })
    : planned(parts, gkeTypes.globalAddress, "address", "The address, of the whole world", {
        ...inputs,
        ipVersion: "IPV4",
      });
}

/** Layer 4: the Service that has the address. */
export function planNetworkService(
  { deploymentId, spec }: Parts,
  { owner, models }: NamespacePlan,
  address: PlannedResource,
): PlannedResource {
  const isSticky = spec.routing.affinity.by === "ip";
  return plannedObject(
    networkService(
      { ...owner, role: "endpoint" },
      { ...owner, role: "model" },
      mainName(deploymentId),
      isSticky,
    ),
    "Layer 4: connections to the address come to the replicas, open to all",
    [address, ...models.filter(({ type }) => type === kubernetesTypes.deployment)].map(resourceKey),
  );
}

/** Layer 7, from the routes to the ports of the address; HTTP only redirects where there is HTTPS. */
export function planFrontend(
  parts: Parts,
  before: {
    address: PlannedResource;
    /** backend services, and the static files' bucket */
    backends: readonly PlannedResource[];
    certificates: readonly PlannedResource[];
  },
): PlannedResource[] {
  const { address, certificates } = before;
  const routes = routesOf(parts, before.backends);
  if (certificates.length === 0) return [routes, ...entry(parts, { scheme: "http", routes, address })];
  const redirect = planned(parts, gkeTypes.urlMap, "redirect", "From HTTP to HTTPS", {
    name: partName(parts.deploymentId, "redirect"),
    description: marked(parts).description,
    ...redirectToHttps,
  });
  return [
    routes,
    redirect,
    ...entry(parts, { scheme: "http", routes: redirect, address }),
    ...entry(parts, { scheme: "https", routes, address, certificates }),
  ];
}

function routesOf(parts: Parts, backends: readonly PlannedResource[]): PlannedResource {
  const { deploymentId, spec, settings, loadBalancer } = parts;
  const { project, staticContent } = settings;
  const service = (variant: string | null) =>
    globalLink(project, "backendServices", backendName(deploymentId, variant));
  const files = staticContent && {
    prefix: staticContent.prefix,
    backendBucket: globalLink(project, "backendBuckets", mainName(deploymentId)),
  };
  const weights = spec.variants.map(({ name, weight }) => ({ variant: name, weight }));
  const isDirect = loadBalancer === "google";
  const map: UrlMap = isDirect
    ? renderUrlMap({ rules: spec.routing.rules, weights }, service, files)
    : urlMapToProxy(service(null), files);
  const summary = isDirect
    ? `${spec.routing.rules.length} rules, then weights`
    : `All to HAProxy, which does what Google lacks: ${googleLacks(spec).join(", ")}`;
  return planned(
    parts,
    gkeTypes.urlMap,
    "routes",
    files ? `${summary}; static files under ${files.prefix}` : summary,
    { name: mainName(deploymentId), description: marked(parts).description, ...map },
    backends,
  );
}

type Entry = {
  scheme: "http" | "https";
  /** the URL map */
  routes: PlannedResource;
  address: PlannedResource;
  certificates?: readonly PlannedResource[];
};

/** A port of the address: Google's proxy and the rule that leads to it. */
function entry(parts: Parts, { scheme, routes, address, certificates = [] }: Entry): PlannedResource[] {
  const { deploymentId, settings, spec } = parts;
  const { project } = settings;
  const name = partName(deploymentId, scheme);
  const isSecure = scheme === "https";
  const { labels, description } = marked(parts);
  const proxy = planned(
    parts,
    isSecure ? gkeTypes.httpsProxy : gkeTypes.httpProxy,
    scheme,
    `Google's proxy for ${scheme.toUpperCase()}`,
    {
      name,
      description,
      urlMap: globalLink(project, "urlMaps", String(routes.inputs.name)),
      ...(isSecure && { sslCertificates: certificateLinks(parts, certificates) }),
    },
    [routes, ...certificates],
  );
  const access = spec.endpoint.access === "open" ? "open to all" : "private: a key is needed";
  const rule = planned(
    parts,
    gkeTypes.forwardingRule,
    scheme,
    `Port ${isSecure ? 443 : 80} of the address, ${access}`,
    {
      name,
      labels,
      description,
      ipAddress: globalLink(project, "addresses", mainName(deploymentId)),
      ipProtocol: "TCP",
      portRange: isSecure ? "443" : "80",
      loadBalancingScheme: "EXTERNAL_MANAGED",
      target: globalLink(project, isSecure ? "targetHttpsProxies" : "targetHttpProxies", name),
    },
    [address, proxy],
  );
  return [proxy, rule];
}
