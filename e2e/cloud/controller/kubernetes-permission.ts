/** Verbs of Kubernetes in the words of IAM. */
const verbs: Record<string, string> = {
  GET: "get",
  HEAD: "get",
  POST: "create",
  PUT: "update",
  PATCH: "update",
  DELETE: "delete",
};

/** Kinds that IAM writes with capitals inside. */
const spelled = [
  "configMaps",
  "endpointSlices",
  "horizontalPodAutoscalers",
  "persistentVolumeClaims",
  "podDisruptionBudgets",
  "replicaSets",
];

/** Rights on a part of an object have names of their own. */
const parts: Record<string, string> = { log: "getLogs", portforward: "portForward", exec: "exec" };

/**
 * What IAM must allow for a request to a cluster's API server, by IAM's reference of permissions: `container.pods.list`,
 * say. Whoever may do it is the cluster's administrator in there.
 *
 * @param target path and query
 */
export function kubernetesPermission(method: string, target: string): string {
  const { pathname } = new URL(target, "https://cluster");
  const found =
    /^\/(?:api\/[^/]+|apis\/[^/]+\/[^/]+)(?:\/namespaces\/[^/]+(?=\/))?\/([^/]+)(?:\/[^/]+(?:\/([^/]+))?)?$/.exec(
      pathname,
    );
  // Versions, groups and health: whoever may reach the cluster.
  if (!found) return "container.clusters.connect";
  const [, resource = "", part = ""] = found;
  const isOne = pathname.split("/").at(-1) !== resource;
  const verb = parts[part] ?? (method === "GET" && !isOne ? "list" : (verbs[method] ?? "get"));
  const kind = spelled.find((name) => name.toLowerCase() === resource) ?? resource;
  return `container.${kind}.${verb}`;
}
