/** `queued → provisioning → ready ⇄ degraded → destroying → destroyed`, `failed` from any running state. */
export const deploymentStatuses = [
  "queued",
  "provisioning",
  "ready",
  "degraded",
  "failed",
  "destroying",
  "destroyed",
] as const;

export type DeploymentStatus = (typeof deploymentStatuses)[number];

/** Each status is in exactly one class (status.test.ts holds it). */
const classes = {
  /** an operation is on its way; the status will change by itself */
  moving: ["queued", "provisioning", "destroying"],
  /** it serves requests */
  serving: ["ready", "degraded"],
  /** a person must decide */
  stuck: ["failed"],
  /** nothing of it exists any more */
  gone: ["destroyed"],
} as const satisfies Record<string, readonly DeploymentStatus[]>;

export type StatusClass = keyof typeof classes;

export function statusClass(status: DeploymentStatus): StatusClass {
  for (const [name, members] of Object.entries(classes)) {
    if ((members as readonly string[]).includes(status)) return name as StatusClass;
  }
  throw new Error(`Status ${status} is in no class.`);
}

/**
 * Why a deployment or an operation failed. Stable: shown with a sentence, documented in docs/failures.md.
 */
export const failureCodes = [
  "engine_missing", // the Pulumi CLI can't be had
  "engine_failed", // it ended in an error that no rule knows
  "target_unreachable", // the local runtime doesn't answer
  "load_balancer_missing", // HAProxy can't be had
  "load_balancer_failed", // it refused the configuration
  "port_taken",
  "start_failed", // a replica ended as soon as it was started
  "probe_failed", // replicas run but never get healthy
  "endpoint_failed", // all is made, but the endpoint gave no good answer
  "interrupted", // the worker died in the middle
  "cancelled",
  "stale_fence", // a newer attempt took over
  "secret_unreadable", // SLUICE_KEY isn't the one that sealed it
  "target_refused", // the cluster doesn't know the credentials, or doesn't allow something
  "image_pull", // the cluster can't pull an image
  "no_node_fits", // no node of the cluster has what a replica asks for
  "pod_refused", // the cluster makes no pod: a quota is used up, or its rules are stricter
  "root_needed", // an image runs as root where that isn't allowed
  "out_of_memory", // a replica took more than its limit
  "objects_missing", // somebody deleted what its replicas are made by
  "gateway_failed", // the Gateway's controller doesn't serve it
  "namespace_taken", // the cluster has the namespace, and it isn't this deployment's
  "irreplaceable", // the change would make the cluster, the network or the address anew
  "api_disabled", // an API of Google's isn't enabled in the project
  "quota_exceeded", // the project may not have so much
  "not_offered", // Google has no such machine or GPU there
  "nodes_failed", // Google couldn't make the cluster or its nodes
  "name_taken", // something that isn't ours has a name that is needed
  "network_unusable", // the chosen network, subnetwork or one of its ranges isn't as it was named
  "cluster_unusable", // the chosen cluster can't have a deployment
  "certificate_pending", // Google has no certificate for the domain yet
  "leftovers", // torn down, but something is still there
] as const;

export type FailureCode = (typeof failureCodes)[number];

/**
 * Whether what is shown of a serving deployment is older than it should be: these codes are set while its cluster can't
 * be asked (`lib/replicas/record-unasked.ts`), and say nothing of how it serves.
 */
export function isUnasked(status: DeploymentStatus, code: FailureCode | null): boolean {
  const codes: (FailureCode | null)[] = ["target_unreachable", "target_refused", "secret_unreadable"];
  return statusClass(status) === "serving" && codes.includes(code);
}
