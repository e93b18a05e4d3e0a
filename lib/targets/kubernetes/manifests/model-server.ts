import type { Spec } from "#lib/deployments/spec.ts";
import {
  configAnnotation,
  labelsOf,
  metadataOf,
  selectorOf,
  type Owner,
} from "#lib/targets/kubernetes/manifests/metadata.ts";
import {
  containerSecurity,
  gracePeriodSeconds,
  podDefaults,
  preStop,
  rollout,
  spread,
} from "#lib/targets/kubernetes/manifests/pods.ts";
import { modelServerName, objectNames, type VariantSettings } from "#lib/targets/kubernetes/settings.ts";

type Variant = Spec["variants"][number];

export type ModelServerOptions = {
  owner: Owner;
  variant: Variant;
  settings: VariantSettings;
  /** of the environment: its change makes new pods */
  envHash: string;
  hasPullSecret: boolean;
  streamLimitSeconds: number;
};

/** Whether the cluster decides how many replicas there are. */
export function scales({ scaling }: Variant): boolean {
  return scaling.maxReplicas > scaling.minReplicas && scaling.metric !== "none";
}

/** A variant's replicas. Where an HPA decides how many, the manifest says nothing of it, or each change undid that. */
export function modelDeployment(options: ModelServerOptions) {
  const { owner, variant, settings, envHash, hasPullSecret, streamLimitSeconds } = options;
  const selector = selectorOf(owner);
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: metadataOf(modelServerName(variant.name), owner),
    spec: {
      ...(!scales(variant) && { replicas: variant.scaling.minReplicas }),
      ...rollout,
      selector: { matchLabels: selector },
      template: {
        metadata: { labels: labelsOf(owner), annotations: { [configAnnotation]: envHash } },
        spec: {
          ...podDefaults,
          terminationGracePeriodSeconds: gracePeriodSeconds(streamLimitSeconds),
          securityContext: {
            ...(!settings.runAsRoot && { runAsNonRoot: true }),
            seccompProfile: { type: "RuntimeDefault" },
          },
          topologySpreadConstraints: spread(selector),
          ...(hasPullSecret && { imagePullSecrets: [{ name: objectNames.pull }] }),
          ...(settings.gpus > 0 && { tolerations: [{ key: gpu, operator: "Exists", effect: "NoSchedule" }] }),
          containers: [modelContainer(variant, settings)],
        },
      },
    },
  };
}

const gpu = "nvidia.com/gpu";

function modelContainer(variant: Variant, settings: VariantSettings) {
  const gpus = settings.gpus > 0 ? { [gpu]: String(settings.gpus) } : {};
  return {
    name: "model",
    image: settings.image,
    imagePullPolicy: "IfNotPresent",
    ports: [{ name: "http", containerPort: settings.port, protocol: "TCP" }],
    envFrom: [{ secretRef: { name: objectNames.env } }],
    resources: {
      requests: { ...settings.requests, ...gpus },
      limits: { ...settings.limits, ...gpus },
    },
    ...probes(variant.healthPath),
    lifecycle: { preStop },
    securityContext: containerSecurity(settings.runAsRoot),
    terminationMessagePolicy: "FallbackToLogsOnError",
  };
}

/** A model may load for ten minutes; once it has served, half a minute without a word ends it. */
function probes(path: string) {
  const httpGet = { path, port: "http", scheme: "HTTP" };
  return {
    startupProbe: { httpGet, periodSeconds: 2, timeoutSeconds: 2, failureThreshold: 300 },
    readinessProbe: { httpGet, periodSeconds: 3, timeoutSeconds: 3, failureThreshold: 2 },
    livenessProbe: { httpGet, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 },
  };
}

/** The variant's pods by name: one address each, ready ones alone. HAProxy finds them here. */
export function modelService(owner: Owner, variant: Variant, port: number) {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: metadataOf(modelServerName(variant.name), owner),
    spec: {
      clusterIP: "None",
      selector: selectorOf(owner),
      ports: [{ name: "http", port, targetPort: "http", protocol: "TCP" }],
    },
  };
}

/** Adds replicas at once, and takes them away one at a time after a while of less load. */
export function modelAutoscaler(owner: Owner, variant: Variant, settings: VariantSettings) {
  const name = modelServerName(variant.name);
  return {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: metadataOf(name, owner),
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name },
      minReplicas: variant.scaling.minReplicas,
      maxReplicas: variant.scaling.maxReplicas,
      metrics: [
        {
          type: "Resource",
          resource: {
            name: "cpu",
            target: { type: "Utilization", averageUtilization: settings.targetCpuPercent },
          },
        },
      ],
      behavior: {
        scaleUp: {
          stabilizationWindowSeconds: 0,
          selectPolicy: "Max",
          policies: [
            { type: "Percent", value: 100, periodSeconds: 15 },
            { type: "Pods", value: 2, periodSeconds: 15 },
          ],
        },
        scaleDown: {
          stabilizationWindowSeconds: settings.scaleDownSeconds,
          selectPolicy: "Max",
          policies: [{ type: "Pods", value: 1, periodSeconds: 15 }],
        },
      },
    },
  };
}
