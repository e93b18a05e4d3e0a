import type * as pulumi from "@pulumi/pulumi";
import type { GoogleApi } from "#infra/google/api-client.ts";
import { awaitGroupsHook } from "#infra/resources/google/await-groups.ts";
import type { ServiceRef } from "#infra/resources/google/group.ts";
import { keepHook } from "#infra/resources/google/keep.ts";
import { leaveInPeaceHook } from "#infra/resources/google/leave-in-peace.ts";
import { removeFirewallsHook } from "#infra/resources/google/remove-firewalls.ts";
import { removeGroupsHook } from "#infra/resources/google/remove-groups.ts";
import { putFilesHook } from "#infra/resources/google/put-files.ts";
import type { Spec } from "#lib/deployments/spec.ts";
import { registeredHooks } from "#infra/resources/registered-hooks.ts";
import { variantServiceName } from "#lib/targets/gke/manifests.ts";
import { mainName } from "#lib/targets/gke/names.ts";
import { backendKey } from "#lib/targets/gke/plan/backends.ts";
import type { GkeSettings } from "#lib/targets/gke/settings.ts";
import { gkeTypes, irreplaceableTypes } from "#lib/targets/gke/types.ts";
import { namespaceOf, objectNames } from "#lib/targets/kubernetes/settings.ts";
import { kubernetesTypes } from "#lib/targets/kubernetes/types.ts";

export type HookInput = {
  deploymentId: string;
  spec: Pick<Spec, "variants">;
  settings: GkeSettings;
  api: GoogleApi;
  /** all goes: the plan is empty */
  isTearDown: boolean;
  hasController(): Promise<boolean>;
  replicas: pulumi.ResourceHook;
  putFiles: ((bucket: string) => Promise<void>) | null;
  signal: AbortSignal;
  /** how long a backend service stays after the last change of the URL map, in milliseconds */
  settleMs: number;
};

/**
 * What goes before steps of the engine, by the type of the resource. All are made for every run: the engine's state
 * names those that go before a deletion, and a run without one of them couldn't delete.
 */
export async function hooksOf(
  input: HookInput,
): Promise<(type: string) => pulumi.ResourceHookBinding | undefined> {
  const { deploymentId, settings, api, isTearDown, signal } = input;
  const { project } = settings;
  const namespace = namespaceOf(deploymentId);
  const network = mainName(deploymentId);
  const keep = keepHook("keep", isTearDown);
  const files = putFilesHook("files", input.putFiles);
  const firewalls = removeFirewallsHook("firewalls", { api, project, network, signal });
  const groups = removeGroupsHook("groups", {
    api,
    project,
    prefix: `${mainName(deploymentId)}-`,
    namespace,
    hasController: input.hasController,
    signal,
  });
  const serviceBehind = (key: string): ServiceRef => ({ namespace, service: serviceOfBackend(input, key) });
  const waitMs = isTearDown ? 0 : input.settleMs;
  const bindings: Record<string, pulumi.ResourceHookBinding> = {
    ...Object.fromEntries(irreplaceableTypes.map((type) => [type, { beforeDelete: [keep] }])),
    [gkeTypes.network]: { beforeDelete: [keep, firewalls] },
    [gkeTypes.backendService]: {
      beforeCreate: [awaitGroupsHook("groups-there", { api, serviceBehind, signal })],
      beforeDelete: [leaveInPeaceHook("in-peace", { api, waitMs, signal })],
    },
    [gkeTypes.bucket]: { beforeUpdate: [files] },
    [gkeTypes.backendBucket]: { beforeCreate: [files] },
    [kubernetesTypes.namespace]: { beforeDelete: [groups] },
    [kubernetesTypes.deployment]: { beforeUpdate: [input.replicas] },
  };
  const all = Object.values(bindings).flatMap((binding) => Object.values(binding).flat());
  await registeredHooks(all as pulumi.ResourceHook[]);
  return (type) => bindings[type];
}

/** The Service that a backend service of this logical name sends requests to. */
function serviceOfBackend({ spec }: Pick<HookInput, "spec">, key: string): string {
  const variant = spec.variants.find(({ name }) => backendKey(name) === key);
  return variant ? variantServiceName(variant.name) : objectNames.endpoint;
}
