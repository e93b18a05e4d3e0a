import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { Spec } from "#lib/deployments/spec.ts";
import { proxyTakesHttp } from "#lib/targets/kubernetes/load-balancer.ts";
import { disruptionBudget } from "#lib/targets/kubernetes/manifests/disruption-budget.ts";
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

export type Manifest = { apiVersion: string; kind: string; metadata: { name: string } };

/** What a deployment has in its namespace, whatever brings the traffic to it. */
export type NamespacePlan = {
  owner: Owner;
  /** the namespace itself, then its secrets */
  base: PlannedResource[];
  models: PlannedResource[];
  /** HAProxy, where there is one */
  proxy: PlannedResource[];
};

/**
 * The namespace with its secrets, model servers and HAProxy, in order.
 *
 * @param options.after keys of what has to be there before the namespace
 * @throws Error if the settings don't fit the spec: a variant's are missing, or HAProxy's
 */
export function planNamespace(
  deploymentId: string,
  spec: Spec,
  settings: KubernetesSettings,
  options: { withProxy: boolean; after?: string[] },
): NamespacePlan {
  const owner: Owner = { deploymentId, namespace: namespaceOf(deploymentId) };
  const namespace = planned(
    namespaceManifest(owner),
    "A namespace of its own for all that belongs to this deployment",
    options.after ?? [],
  );
  const base = [namespace, ...secretsOf(owner, spec, settings, resourceKey(namespace))];
  const models = spec.variants.flatMap((variant) => modelServer(owner, spec, variant, settings, base));
  const proxy = options.withProxy ? proxyOf({ owner, spec, settings, base, models }) : [];
  return { owner, base, models, proxy };
}

type Parts = Omit<NamespacePlan, "proxy"> & { spec: Spec; settings: KubernetesSettings };

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

/** A manifest as a resource of a plan. */
export function planned(manifest: Manifest, summary: string, dependsOn: string[]): PlannedResource {
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
export function hasTls({ routing, endpoint }: Spec): boolean {
  return routing.layer === 7 && endpoint.tls.mode !== "none";
}

function tlsHash({ endpoint }: Spec): string {
  return hashOf(endpoint.tls);
}

function hashOf(value: unknown): string {
  return bytesToHex(sha256(utf8ToBytes(JSON.stringify(value)))).slice(0, 16);
}
