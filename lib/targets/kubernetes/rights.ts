/** What a right is needed for: without `gateway` ones a Gateway class can't be chosen, all else works. */
export type Need = "always" | "gateway";

/** One row of what Sluice does in a cluster. `resource` is written as in a role: `pods/log` is a subresource. */
export type Right = {
  /** the API group; empty for the core group */
  group: string;
  resource: string;
  verbs: readonly string[];
  need: Need;
  /** what for, in a few words after "to" */
  why: string;
};

const read = ["get", "list", "watch"] as const;
/** `patch` beside `create` and `update`, because the engine applies on the server's side. */
const manage = [...read, "create", "update", "patch", "delete"] as const;

/**
 * Every right that Sluice needs, in all namespaces, since each deployment has a namespace of its own that isn't there
 * yet. A check asks the cluster for each; the ClusterRole to paste is made of the same list.
 */
export const rights: readonly Right[] = [
  { group: "", resource: "namespaces", verbs: manage, need: "always", why: "give each deployment its own" },
  { group: "apps", resource: "deployments", verbs: manage, need: "always", why: "run replicas" },
  { group: "apps", resource: "replicasets", verbs: read, need: "always", why: "follow a roll-out" },
  { group: "", resource: "services", verbs: manage, need: "always", why: "find replicas and give addresses" },
  {
    group: "",
    resource: "secrets",
    verbs: manage,
    need: "always",
    why: "hand over secret variables and keys",
  },
  { group: "", resource: "configmaps", verbs: manage, need: "always", why: "configure the load balancer" },
  {
    group: "autoscaling",
    resource: "horizontalpodautoscalers",
    verbs: manage,
    need: "always",
    why: "scale by processor use",
  },
  {
    group: "policy",
    resource: "poddisruptionbudgets",
    verbs: manage,
    need: "always",
    why: "keep serving while nodes are emptied",
  },
  { group: "", resource: "pods", verbs: read, need: "always", why: "show replicas and why one hangs" },
  { group: "", resource: "pods/log", verbs: ["get"], need: "always", why: "show what replicas write" },
  {
    group: "",
    resource: "pods/portforward",
    verbs: ["get", "create"],
    need: "always",
    why: "change keys and read figures of the load balancer",
  },
  { group: "", resource: "events", verbs: read, need: "always", why: "say why a replica doesn't start" },
  // The engine watches these beside what it waits for, and doesn't get on without: it waits until it may.
  {
    group: "",
    resource: "persistentvolumeclaims",
    verbs: read,
    need: "always",
    why: "follow a roll-out",
  },
  { group: "", resource: "endpoints", verbs: read, need: "always", why: "see which replicas take requests" },
  {
    group: "discovery.k8s.io",
    resource: "endpointslices",
    verbs: read,
    need: "always",
    why: "see which replicas take requests",
  },
  { group: "", resource: "nodes", verbs: ["get", "list"], need: "always", why: "see what fits" },
  {
    group: "gateway.networking.k8s.io",
    resource: "gatewayclasses",
    verbs: ["get", "list"],
    need: "gateway",
    why: "offer the Gateway classes",
  },
  {
    group: "gateway.networking.k8s.io",
    resource: "gateways",
    verbs: manage,
    need: "gateway",
    why: "open an endpoint by a Gateway",
  },
  {
    group: "gateway.networking.k8s.io",
    resource: "httproutes",
    verbs: manage,
    need: "gateway",
    why: "send requests to variants by a Gateway",
  },
];
