import type { Pod as PodWithTroubles } from "#infra/targets/kubernetes/troubles.ts";
import type { KubernetesObject } from "#infra/kubernetes/api-client.ts";
import { labelKeys } from "#lib/targets/kubernetes/manifests/metadata.ts";

type Terminated = { finishedAt?: string };
type ContainerStatus = {
  name: string;
  started?: boolean;
  restartCount?: number;
  state?: { waiting?: object; running?: { startedAt?: string }; terminated?: Terminated };
  lastState?: { terminated?: Terminated };
};

/** A pod of a variant's model servers, as far as anything here reads it. */
export type Pod = KubernetesObject & {
  metadata: { uid: string; creationTimestamp?: string };
  spec?: { nodeName?: string };
  status?: {
    phase?: string;
    reason?: string;
    message?: string;
    startTime?: string;
    conditions?: { type: string; status: string; reason?: string; message?: string }[];
    containerStatuses?: ContainerStatus[];
  };
} & PodWithTroubles;

/** The container that is the replica. The name is the manifest's (`manifests/model-server.ts`). */
export const modelContainer = "model";

export function variantOf({ metadata: { labels } }: KubernetesObject): string {
  return labels?.[labelKeys.variant] ?? "";
}

export function containerOf({ status }: Pod): ContainerStatus | null {
  return status?.containerStatuses?.find(({ name }) => name === modelContainer) ?? null;
}

export function restartsOf(pod: Pod): number {
  return containerOf(pod)?.restartCount ?? 0;
}

/** Whether its container has run, be it for a moment: only then is there a log. */
export function hasRun(pod: Pod): boolean {
  const container = containerOf(pod);
  return Boolean(
    container?.state?.running ?? container?.state?.terminated ?? container?.lastState?.terminated,
  );
}
