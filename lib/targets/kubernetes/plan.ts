import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { Spec } from "#lib/deployments/spec.ts";
import { gatewayLacks } from "#lib/routing/http-route.ts";
import {
  loadBalancerOf,
  needsProxy,
  proxyTakesHttp,
  type LoadBalancer,
} from "#lib/targets/kubernetes/load-balancer.ts";
import { disruptionBudget } from "#lib/targets/kubernetes/manifests/disruption-budget.ts";
import { endpointService } from "#lib/targets/kubernetes/manifests/endpoint.ts";
import {
  gatewayManifest,
  redirectRoute,
  routesToModels,
  routesToProxy,
} from "#lib/targets/kubernetes/manifests/gateway.ts";
import type { Owner } from "#lib/targets/kubernetes/manifests/metadata.ts";
import {
  modelAutoscaler,
  modelDeployment,
  modelService,
  scales,
} from "#lib/targets/kubernetes/manifests/model-server.ts";
import { namespaceManifest } from "#lib/targets/kubernetes/manifests/namespace.ts";
import { proxyConfig, proxyDeployment } from "#lib/targets/kubernetes/manifests/proxy.ts";
import { envSecret, pullSecret, tlsSecret } from "#lib/targets/kubernetes/manifests/secrets.ts";
import {
  modelServerName,
  namespaceOf,
  objectNames,
  variantSettings,
  type KubernetesSettings,
} from "#lib/targets/kubernetes/settings.ts";
import { kubernetesTypes, typeOf } from "#lib/targets/kubernetes/types.ts";
import { resourceKey, type PlannedResource } from "#lib/targets/plan.ts";

type Manifest = { apiVersion: string; kind: string; metadata: { name: string } };

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
  const owner: Owner = { deploymentId, namespace: namespaceOf(deploymentId) };
  const loadBalancer = loadBalancerOf(spec, settings);
  const namespace = planned(
    namespaceManifest(owner),
    "A namespace of its own for all that belongs to this deployment",
    [],
  );
  const base = [namespace, ...secretsOf(owner, spec, settings, resourceKey(namespace))];
  const models = spec.variants.flatMap((variant) => modelServer(owner, spec, variant, settings, base));
  const all = { owner, spec, settings, base, models, loadBalancer };
  const proxy = needsProxy(spec, settings) ? proxyOf(all) : [];
  return [...base, ...models, ...proxy, ...entryOf({ ...all, proxy })];
}

type Parts = {
  owner: Owner;
  spec: Spec;
  settings: KubernetesSettings;
  base: PlannedResource[];
  models: PlannedResource[];
  loadBalancer: LoadBalancer;
};

function secretsOf(
  owner: Owner,
  spec: Spec,
  settings: KubernetesSettings,
  namespace: string,
): PlannedResource[] {
  const { pullSecretFingerprint: pull } = settings;
  return [
    planned(envSecret(owner, envHash(spec)), `The environment: ${spec.env.length} variables`, [namespace]),
    ...(pull ? [planned(pullSecret(owner, pull), "What the images are pulled with", [namespace])] : []),
    ...(hasTls(spec)
      ? [planned(tlsSecret(owner, tlsHash(spec)), "The certificate for HTTPS", [namespace])]
      : []),
  ];
}

function modelServer(
  of: Owner,
  spec: Spec,
  variant: Spec["variants"][number],
  settings: KubernetesSettings,
  base: PlannedResource[],
): PlannedResource[] {
  const owner: Owner = { ...of, role: "model", variant: variant.name };
  const own = variantSettings(settings, variant);
  const { minReplicas, maxReplicas } = variant.scaling;
  const count = scales(variant) ? `${minReplicas} to ${maxReplicas}` : String(minReplicas);
  const component = { type: "ModelServer", name: variant.name } as const;
  const add = (manifest: Manifest, summary: string, before: PlannedResource[]): PlannedResource => ({
    ...planned(manifest, summary, before.map(resourceKey)),
    component,
  });
  const namespace = base.slice(0, 1);
  const deployment = add(
    modelDeployment({
      owner,
      variant,
      settings: own,
      envHash: envHash(spec),
      hasPullSecret: settings.pullSecretFingerprint !== null,
      streamLimitSeconds: settings.streamLimitSeconds,
    }),
    `${count} × ${own.image}`,
    base.filter(({ name }) => name !== objectNames.tls),
  );
  const name = modelServerName(variant.name);
  return [
    deployment,
    add(modelService(owner, variant, own.port), "Its replicas' addresses", namespace),
    add(
      disruptionBudget(name, owner),
      "At most one replica away at a time when nodes are emptied",
      namespace,
    ),
    ...(scales(variant)
      ? [
          add(
            modelAutoscaler(owner, variant, own),
            `${count} replicas, for ${own.targetCpuPercent} % of the processor asked for`,
            [deployment],
          ),
        ]
      : []),
  ];
}

function proxyOf({ owner: of, spec, settings, base, models }: Parts): PlannedResource[] {
  const { proxy, streamLimitSeconds } = settings;
  if (!proxy)
    throw new Error("This deployment needs HAProxy in its namespace, but has no configuration of it.");
  const owner: Owner = { ...of, role: "proxy" };
  const component = { type: "ProxyGateway", name: objectNames.proxy } as const;
  const add = (manifest: Manifest, summary: string, before: PlannedResource[]): PlannedResource => ({
    ...planned(manifest, summary, before.map(resourceKey)),
    component,
  });
  // Behind a Gateway it is the Gateway that has the certificate.
  const ownTls = settings.gatewayClass === null && hasTls(spec);
  const config = add(proxyConfig(owner, proxy), "The load balancer's configuration", base.slice(0, 1));
  const manifest = proxyDeployment({
    owner,
    proxy,
    configHash: hashOf([proxy.files, ownTls ? tlsHash(spec) : null]),
    isPrivate: spec.endpoint.access === "private",
    hasHttp: proxyTakesHttp(spec, settings),
    hasTls: ownTls,
    streamLimitSeconds,
  });
  return [
    config,
    add(manifest, "2 × HAProxy, which routes", [
      config,
      ...base.filter(({ name }) => ownTls && name === objectNames.tls),
      ...models.filter(({ type }) => type === kubernetesTypes.deployment || type === kubernetesTypes.service),
    ]),
    add(
      disruptionBudget(objectNames.proxy, owner),
      "One HAProxy stays when nodes are emptied",
      base.slice(0, 1),
    ),
  ];
}

const httpsAlone =
  "; by HTTPS alone, since which port of the nodes to send HTTP's callers to isn't known before it is there";

/**
 * What a caller's requests come to first. Its Service is in no group: the engine knows a resource by its group too,
 * and one that changed groups would be made anew, then deleted under the same name.
 */
function entryOf(parts: Parts & { proxy: PlannedResource[] }): PlannedResource[] {
  const { owner: of, settings, models, loadBalancer, proxy } = parts;
  const { serviceType } = settings;
  const owner: Owner = { ...of, role: "endpoint" };
  const access = parts.spec.endpoint.access === "open" ? "open to all" : "private: a key is needed";
  const isProxy = loadBalancer === "proxy";
  const hasHttp = !isProxy || proxyTakesHttp(parts.spec, settings);
  const service = (
    pods: Owner,
    type: typeof serviceType | "ClusterIP",
    summary: string,
    before: PlannedResource[],
  ) =>
    planned(
      endpointService({ owner, pods, type, hasHttp, hasTls: hasTls(parts.spec) && isProxy }),
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

function planned(manifest: Manifest, summary: string, dependsOn: string[]): PlannedResource {
  return {
    type: typeOf(manifest),
    name: manifest.metadata.name,
    summary,
    inputs: { ...manifest },
    dependsOn,
  };
}

/** Values that are secret come by their id: another value has another. */
function envHash(spec: Spec): string {
  return hashOf(spec.env);
}

/** At layer 4 nothing of a connection is read, so it is the model that has a certificate, or nobody. */
function hasTls({ routing, endpoint }: Spec): boolean {
  return routing.layer === 7 && endpoint.tls.mode !== "none";
}

function tlsHash({ endpoint }: Spec): string {
  return hashOf(endpoint.tls);
}

function hashOf(value: unknown): string {
  return bytesToHex(sha256(utf8ToBytes(JSON.stringify(value)))).slice(0, 16);
}
