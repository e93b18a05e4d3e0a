import type { KubernetesObject } from "#infra/kubernetes/api-client.ts";

type Metric = {
  type: string;
  resource?: {
    name: string;
    target?: { averageUtilization?: number };
    current?: { averageUtilization?: number };
  };
};
type Condition = {
  type: string;
  status: string;
  reason?: string;
  message?: string;
  lastTransitionTime?: string;
};

/** A HorizontalPodAutoscaler of autoscaling/v2, as far as anything here reads it. */
export type Autoscaler = KubernetesObject & {
  spec: { minReplicas?: number; maxReplicas: number; metrics?: Metric[] };
  status?: {
    currentReplicas?: number;
    desiredReplicas?: number;
    lastScaleTime?: string;
    currentMetrics?: Metric[] | null;
    conditions?: Condition[];
  };
};

/** A sentence for a step from one count to another: by which figure, or because what is allowed was changed. */
export function reasonOf({ spec, status }: Autoscaler, from: number, to: number): string {
  const { minReplicas = 1, maxReplicas } = spec;
  const step = `${from} → ${to}`;
  if (from < minReplicas && to >= minReplicas && to <= minReplicas) {
    return `${step}: the least is ${minReplicas} now.`;
  }
  if (from > maxReplicas && to === maxReplicas) return `${step}: the most is ${maxReplicas} now.`;
  const figures = figuresOf({ spec, status });
  if (figures === null) return `${step}: the cluster’s autoscaler decided so and named no figure.`;
  const limit = limitOf({ spec, status }, to);
  return `${step}: ${figures}${limit}.`;
}

function figuresOf({ spec, status }: Pick<Autoscaler, "spec" | "status">): string | null {
  const found = (status?.currentMetrics ?? []).flatMap(({ resource }) => {
    const current = resource?.current?.averageUtilization;
    if (resource === undefined || current === undefined) return [];
    const wanted = spec.metrics?.find((metric) => metric.resource?.name === resource.name);
    const target = wanted?.resource?.target?.averageUtilization;
    const targetWords = target === undefined ? "" : `, target ${target} %`;
    return [`${resource.name} ${current} % of requested${targetWords}`];
  });
  return found.length > 0 ? found.join("; ") : null;
}

/** Where the figures asked for more, or for less, than is allowed. */
function limitOf({ spec, status }: Pick<Autoscaler, "spec" | "status">, to: number): string {
  const limited = status?.conditions?.find(
    ({ type, status: is }) => type === "ScalingLimited" && is === "True",
  );
  if (limited?.reason === "TooManyReplicas" && to === spec.maxReplicas) return "; more than the most allowed";
  if (limited?.reason === "TooFewReplicas" && to === (spec.minReplicas ?? 1)) return "; the least allowed";
  return "";
}

/** A new autoscaler has no figures for a while: one that has none for so long has something the matter. */
const blindMs = 90_000;

/**
 * Why an autoscaler can't decide, since when; null: it can, or it is too early to say.
 */
export function blindnessOf({ status }: Autoscaler, now: Date): { since: Date; reason: string } | null {
  const active = status?.conditions?.find(({ type }) => type === "ScalingActive");
  if (active?.status !== "False" || !active.reason?.startsWith("FailedGet")) return null;
  const since = new Date(active.lastTransitionTime ?? now);
  if (now.getTime() - since.getTime() < blindMs) return null;
  const said = active.message ?? active.reason;
  const reason = `It can’t scale: the cluster has no figures of the processor for it. Have the cluster’s metrics API (metrics-server) looked at. (${said.slice(0, 300)})`;
  return { since, reason };
}
