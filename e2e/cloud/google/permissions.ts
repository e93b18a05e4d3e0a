import type { Method } from "#e2e/cloud/google/discovery.ts";

/** Methods whose permission doesn't follow from their name, from IAM's reference of permissions. */
const named: Record<string, string | null> = {
  "cloudresourcemanager.projects.get": "resourcemanager.projects.get",
  "cloudresourcemanager.projects.getIamPolicy": "resourcemanager.projects.getIamPolicy",
  // Whoever has a token may ask what it is allowed.
  "cloudresourcemanager.projects.testIamPermissions": null,
  "iam.projects.serviceAccounts.testIamPermissions": null,
  "storage.buckets.testIamPermissions": null,
  "storage.anywhereCaches.list": "storage.anywhereCaches.list",
  "logging.entries.list": "logging.logEntries.list",
  "monitoring.projects.timeSeries.list": "monitoring.timeSeries.list",
  "monitoring.projects.metricDescriptors.list": "monitoring.metricDescriptors.list",
  "compute.networkEndpointGroups.listNetworkEndpoints": "compute.networkEndpointGroups.get",
  "compute.backendServices.getHealth": "compute.backendServices.get",
  "compute.regionBackendServices.getHealth": "compute.regionBackendServices.get",
  "container.projects.locations.getServerConfig": "container.clusters.list",
};

/** Verbs whose permission has another name. */
const verbs: Record<string, string> = {
  insert: "create",
  patch: "update",
  aggregatedList: "list",
  wait: "get",
};

/** A node pool is a part of its cluster, and so are its rights. */
const pools: Record<string, string> = { get: "get", list: "get" };

/** What an account must be allowed for a method, or null where any account will do. */
export function permissionOf(method: Method): string | null {
  const { id } = method;
  if (id in named) return named[id] ?? null;
  const parts = id.split(".");
  const verb = parts.at(-1) ?? "";
  const resource = parts.at(-2) ?? "";
  const service = parts[0] ?? "";
  if (service === "container") {
    if (resource === "nodePools") return `container.clusters.${pools[verb] ?? "update"}`;
    if (resource === "clusters" && verb.startsWith("set")) return "container.clusters.update";
  }
  if (service === "storage" && verb === "insert") return `storage.${resource}.create`;
  return `${service}.${resource}.${verbs[verb] ?? verb}`;
}

/** Who may do what: everybody of a project may do everything until a test takes a right away. */
export class Permissions {
  #accounts = new Map<string, Set<string>>();
  #projects = new Map<string, Set<string>>();

  /** Lets an account into a project. */
  allow(project: string, email: string): void {
    const members = this.#projects.get(project) ?? new Set();
    this.#projects.set(project, members.add(email));
  }

  /** Takes rights away: whole names, or `compute.*`. */
  deny(email: string, ...permissions: string[]): void {
    const denied = this.#accounts.get(email) ?? new Set();
    for (const permission of permissions) denied.add(permission);
    this.#accounts.set(email, denied);
  }

  /** Gives all of an account's rights back. */
  restore(email: string): void {
    this.#accounts.delete(email);
  }

  has(project: string, email: string, permission: string): boolean {
    if (!this.#projects.get(project)?.has(email)) return false;
    const denied = [...(this.#accounts.get(email) ?? [])];
    return !denied.some((each) =>
      each.endsWith("*") ? permission.startsWith(each.slice(0, -1)) : each === permission,
    );
  }
}
