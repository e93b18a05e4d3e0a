import type { Autoscaler } from "#infra/clusters/replicas/autoscaler.ts";
import type { DeploymentObject } from "#infra/clusters/replicas/list-objects.ts";
import type { Pod } from "#infra/clusters/replicas/pod.ts";
import { labelsOf } from "#lib/targets/kubernetes/manifests/metadata.ts";
import { modelServerName, namespaceOf } from "#lib/targets/kubernetes/settings.ts";

type Status = NonNullable<Pod["status"]>;
type Container = NonNullable<Status["containerStatuses"]>[number];

export const startedAt = "2026-11-22T10:00:05Z";

/** A container that runs and has passed its startup probe. */
export const running = (change: Partial<Container> = {}): Container => ({
  name: "model",
  started: true,
  restartCount: 0,
  state: { running: { startedAt } },
  ...change,
});

const metadataFor = (deploymentId: string, variant: string, name: string) => ({
  name,
  namespace: namespaceOf(deploymentId),
  labels: labelsOf({ deploymentId, namespace: namespaceOf(deploymentId), role: "model", variant }),
});

/** A pod of a variant `main` that is ready, unless told. The name is its uid too. */
export function podForTest(
  deploymentId: string,
  name: string,
  change: {
    ready?: boolean;
    container?: Container | null;
    status?: Status;
    metadata?: object;
    variant?: string;
  } = {},
): Pod {
  const { ready = true, container = running(), status, metadata, variant = "main" } = change;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      ...metadataFor(deploymentId, variant, name),
      uid: name,
      creationTimestamp: "2026-11-22T10:00:00Z",
      ...metadata,
    },
    spec: { nodeName: "node-1", containers: [{ image: "registry.example/m:1" }] },
    status: {
      phase: "Running",
      startTime: "2026-11-22T10:00:01Z",
      conditions: [{ type: "Ready", status: ready ? "True" : "False" }],
      containerStatuses: container ? [container] : [],
      ...status,
    },
  };
}

export function deploymentForTest(
  deploymentId: string,
  replicas: number,
  variant = "main",
): DeploymentObject {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: metadataFor(deploymentId, variant, modelServerName(variant)),
    spec: { replicas },
  };
}

/** An autoscaler from 1 to 3 by the processor, target 70 %. */
export function autoscalerForTest(
  deploymentId: string,
  status: Partial<NonNullable<Autoscaler["status"]>> & { cpu?: number },
  spec: Partial<Autoscaler["spec"]> = {},
): Autoscaler {
  const { cpu, ...rest } = status;
  const resource = (figures: object) => [{ type: "Resource", resource: { name: "cpu", ...figures } }];
  return {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: metadataFor(deploymentId, "main", modelServerName("main")),
    spec: {
      minReplicas: 1,
      maxReplicas: 3,
      metrics: resource({ target: { averageUtilization: 70 } }),
      ...spec,
    },
    status: {
      ...(cpu !== undefined && { currentMetrics: resource({ current: { averageUtilization: cpu } }) }),
      ...rest,
    },
  };
}
