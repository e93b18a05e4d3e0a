import * as pulumi from "@pulumi/pulumi";
import type { Cluster } from "@pulumi/gcp/container/cluster.js";
import type { Address } from "@pulumi/gcp/compute/address.js";
import type { GoogleApi } from "#infra/google/api-client.ts";
import type { GoogleEndpoints } from "#infra/google/endpoints.ts";
import { apiClient } from "#infra/kubernetes/api-client.ts";
import { clusterProvider } from "#infra/resources/cluster-provider.ts";
import { hookFailure } from "#infra/resources/google/hook-failure.ts";
import { googleMakers } from "#infra/resources/google/makers.ts";
import { googleProvider } from "#infra/resources/google/provider.ts";
import { kubernetesMakers } from "#infra/resources/kubernetes-makers.ts";
import type { Make } from "#infra/resources/make.ts";
import { registerPlan } from "#infra/resources/register-plan.ts";
import type { Registry } from "#infra/resources/register.ts";
import { replicasHook } from "#infra/resources/replicas-hook.ts";
import {
  accessOf,
  clusterLink,
  controlPlaneOf,
  longToken,
  readControlPlane,
  type ControlPlane,
} from "#infra/targets/gke/cluster-access.ts";
import { hooksOf } from "#infra/targets/gke/hooks.ts";
import type { Spec } from "#lib/deployments/spec.ts";
import type { GkeSecrets, GkeSettings } from "#lib/targets/gke/settings.ts";
import { gkeTypes, ignoredChanges, updateTimeouts } from "#lib/targets/gke/types.ts";
import { buildKubeconfig } from "#lib/targets/kubernetes/build-kubeconfig.ts";
import { resourceKey, type PlannedResource } from "#lib/targets/plan.ts";

export type GkeInput = {
  deploymentId: string;
  spec: Pick<Spec, "variants">;
  settings: GkeSettings;
  secrets: GkeSecrets;
  api: GoogleApi;
  /** where the APIs are instead of at Google; null: there */
  endpoints: GoogleEndpoints | null;
  /** what is at Google's and not in the engine's state: the plugin's id of it, by key */
  imports: ReadonlyMap<string, string>;
  /** puts the static files into their bucket; null: there are none */
  putFiles: ((bucket: string) => Promise<void>) | null;
  /** is told the address as soon as it is reserved */
  onAddress(ip: string): void;
  signal: AbortSignal;
  /** how long a backend service stays after the last change of the URL map, in milliseconds */
  settleMs: number;
};

/** Where nobody listens: what a provider of a cluster that is gone has for a server. */
const nowhere: ControlPlane = { server: "https://127.0.0.1:1", certificateAuthority: "" };

/**
 * The program of the `gke` target: registers exactly the resources of its plan, in order. An empty plan leaves the
 * providers and hooks alone, which is what a tear-down needs: today's token.
 */
export function gkeProgram(input: GkeInput) {
  return (plan: PlannedResource[], onRegistered: () => void = () => {}) =>
    async (): Promise<Record<string, pulumi.Output<unknown>>> => {
      const registry = await registryOf(input, plan);
      registerPlan(plan, registry);
      onRegistered();
      return addressOf(registry, input.onAddress);
    };
}

async function registryOf(input: GkeInput, plan: PlannedResource[]): Promise<Registry> {
  const { deploymentId, settings, api, secrets, imports, signal } = input;
  const declared: Registry["declared"] = new Map();
  const google = googleProvider(settings, input.endpoints);
  const readPlane = () => readControlPlane(api, clusterLink(deploymentId, settings), signal);
  const hooks = await hooksOf({
    ...input,
    isTearDown: plan.length === 0,
    hasController: async () => (await readPlane()) !== null,
    replicas: replicasHook("replicas", async () =>
      apiClient(accessOf((await readPlane()) ?? nowhere, await longToken(api.tokens))),
    ),
  });
  // An own cluster is there once it was registered; of any other Google says where it is.
  const isOwn = plan.some(({ type }) => type === gkeTypes.cluster);
  const known = isOwn ? null : await providerOfKnown(input, await readPlane(), plan);
  let own: pulumi.ProviderResource | null = known;
  const cluster = () => (own ??= providerOfOwn(input, declared));
  const [onGoogle, inCluster]: Record<string, Make>[] = [googleMakers, kubernetesMakers];
  return {
    kindOf(type) {
      const make = onGoogle?.[type];
      if (make) return { make, provider: google };
      const object = inCluster?.[type];
      return object && { make: object, provider: cluster() };
    },
    optionsOf: (planned) => ({
      hooks: hooks(planned.type),
      ignoreChanges: ignoredChanges[planned.type],
      customTimeouts: { update: updateTimeouts[planned.type] },
      import: imports.get(resourceKey(planned)),
    }),
    secrets,
    declared,
  };
}

/** The provider for a cluster that the plan makes: after its nodes, with a token of that moment. */
function providerOfOwn(input: GkeInput, declared: Registry["declared"]): pulumi.ProviderResource {
  const cluster = declared.get(resourceKey({ type: gkeTypes.cluster, name: "cluster" })) as Cluster;
  const pool = declared.get(resourceKey({ type: gkeTypes.nodePool, name: "pool" }))!;
  const kubeconfig = pulumi
    .all([cluster.endpoint, cluster.masterAuth, pool.id])
    .apply(([endpoint, masterAuth]) =>
      kubeconfigOf(input, controlPlaneOf(endpoint, masterAuth.clusterCaCertificate)),
    );
  return clusterProvider(kubeconfig, clusterLink(input.deploymentId, input.settings), {
    dependsOn: [cluster, pool],
  });
}

/** @throws Error that carries `target_unreachable` if something is to be made in a cluster that isn't there */
async function providerOfKnown(
  input: GkeInput,
  plane: ControlPlane | null,
  plan: PlannedResource[],
): Promise<pulumi.ProviderResource> {
  const { settings, deploymentId } = input;
  if (plane === null && plan.length > 0) throw noCluster(settings);
  const kubeconfig = await kubeconfigOf(input, plane ?? nowhere);
  return clusterProvider(kubeconfig, clusterLink(deploymentId, settings), { isGone: plane === null });
}

async function kubeconfigOf({ api, settings }: GkeInput, plane: ControlPlane | null): Promise<string> {
  if (plane === null) throw noCluster(settings);
  return buildKubeconfig(accessOf(plane, await longToken(api.tokens)));
}

function noCluster({ cluster, location }: GkeSettings): Error {
  const which = cluster.mode === "own" ? "The cluster of this deployment" : `The cluster ${cluster.name}`;
  return hookFailure(
    "target_unreachable",
    `${which} in ${location} isn't there any more, or has no address. See the clusters in Google's console; if it was deleted, tear this deployment down.`,
  );
}

/** What Google says of the address, for outputs.ts. */
function addressOf(
  { declared }: Registry,
  onAddress: GkeInput["onAddress"],
): Record<string, pulumi.Output<unknown>> {
  const found = [gkeTypes.globalAddress, gkeTypes.address]
    .map((type) => declared.get(resourceKey({ type, name: "address" })) as Address | undefined)
    .find(Boolean);
  if (!found) return {};
  found.address.apply(onAddress);
  return { address: found.address };
}
