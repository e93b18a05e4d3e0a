import * as z from "zod";
import { unlessRefused, type Cluster } from "#infra/clusters/ask-cluster.ts";
import type { NodeFound } from "#lib/targets/kubernetes/findings.ts";
import { readQuantity } from "#lib/targets/kubernetes/quantity.ts";

const gpu = "nvidia.com/gpu";
/** What may not be read isn't known; 413 is what `list` says of too many to count. */
const unread = { 403: null, 413: null };
const unfinished = "status.phase!=Succeeded,status.phase!=Failed";

const quantities = z.record(z.string(), z.unknown()).nullish();
const node = z.looseObject({
  metadata: z.looseObject({ name: z.string() }),
  spec: z
    .looseObject({
      unschedulable: z.boolean().nullish(),
      taints: z.array(z.looseObject({ key: z.string(), effect: z.string() })).nullish(),
    })
    .nullish(),
  status: z.looseObject({
    allocatable: quantities,
    conditions: z.array(z.looseObject({ type: z.string(), status: z.string() })).nullish(),
    nodeInfo: z.looseObject({ architecture: z.string().nullish() }).nullish(),
  }),
});
const container = z.looseObject({
  restartPolicy: z.string().nullish(),
  resources: z.looseObject({ requests: quantities }).nullish(),
});
const pod = z.looseObject({
  spec: z.looseObject({
    nodeName: z.string().nullish(),
    containers: z.array(container).nullish(),
    initContainers: z.array(container).nullish(),
    overhead: quantities,
  }),
});

type Pod = z.infer<typeof pod>;
type Asked = { cpu: number; memory: number; gpu: number };

/**
 * Every node with what it has for pods, and what of it no pod has asked for.
 *
 * @returns null where the nodes may not be read; what is free is null where the pods may not
 */
export async function readNodes(cluster: Cluster): Promise<NodeFound[] | null> {
  const [nodes, pods] = await Promise.all([
    unlessRefused(cluster.list("/api/v1/nodes"), unread),
    unlessRefused(cluster.list(`/api/v1/pods?fieldSelector=${encodeURIComponent(unfinished)}`), unread),
  ]);
  if (!nodes) return null;
  const taken = pods && askedByNode(z.array(pod).parse(pods));
  return z
    .array(node)
    .parse(nodes)
    .map((one) => toFound(one, taken));
}

function toFound(found: z.infer<typeof node>, taken: Map<string, Asked> | null): NodeFound {
  const { name } = found.metadata;
  const has = read(found.status.allocatable);
  const asked = taken && (taken.get(name) ?? none());
  const amount = (kind: keyof Asked, factor: number) => ({
    total: Math.round(has[kind] * factor),
    free: asked ? Math.max(0, Math.round((has[kind] - asked[kind]) * factor)) : null,
  });
  return {
    name,
    ready: found.status.conditions?.some((c) => c.type === "Ready" && c.status === "True") ?? false,
    closed: whyClosed(found),
    architecture: found.status.nodeInfo?.architecture ?? null,
    cpuMillis: amount("cpu", 1000),
    memoryBytes: amount("memory", 1),
    gpus: amount("gpu", 1),
  };
}

/** Our pods tolerate no taint, so one that keeps pods away keeps ours away. */
function whyClosed({ spec }: z.infer<typeof node>): string | null {
  const taint = spec?.taints?.find(
    ({ key, effect }) => effect !== "PreferNoSchedule" && !key.startsWith("node.kubernetes.io/unschedulable"),
  );
  if (spec?.unschedulable) return "cordoned: it takes no new pods";
  return taint ? `tainted ${taint.key}:${taint.effect}` : null;
}

function askedByNode(pods: Pod[]): Map<string, Asked> {
  const byNode = new Map<string, Asked>();
  for (const one of pods) {
    const { nodeName } = one.spec;
    if (nodeName) byNode.set(nodeName, add(byNode.get(nodeName) ?? none(), askedBy(one)));
  }
  return byNode;
}

/**
 * What the scheduler keeps for a pod: its containers together, or what its start takes if that is more. A sidecar (an
 * init container that restarts always) runs beside what comes after it.
 */
function askedBy({ spec }: Pod): Asked {
  let sidecars = none();
  let start = none();
  for (const one of spec.initContainers ?? []) {
    const asked = read(one.resources?.requests);
    if (one.restartPolicy === "Always") sidecars = add(sidecars, asked);
    start = most(start, one.restartPolicy === "Always" ? sidecars : add(sidecars, asked));
  }
  const running = (spec.containers ?? []).map((one) => read(one.resources?.requests)).reduce(add, sidecars);
  return add(most(running, start), read(spec.overhead));
}

const none = (): Asked => ({ cpu: 0, memory: 0, gpu: 0 });

function read(given: Record<string, unknown> | null | undefined): Asked {
  return {
    cpu: readQuantity(given?.cpu),
    memory: readQuantity(given?.memory),
    gpu: readQuantity(given?.[gpu]),
  };
}

function add(a: Asked, b: Asked): Asked {
  return { cpu: a.cpu + b.cpu, memory: a.memory + b.memory, gpu: a.gpu + b.gpu };
}

function most(a: Asked, b: Asked): Asked {
  return { cpu: Math.max(a.cpu, b.cpu), memory: Math.max(a.memory, b.memory), gpu: Math.max(a.gpu, b.gpu) };
}
