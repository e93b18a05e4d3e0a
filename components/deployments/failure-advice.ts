import type { TargetName } from "#lib/deployments/spec.ts";
import type { FailureCode } from "#lib/deployments/status.ts";

/**
 * What to do next after a failure, in one or two sentences (docs/failures.md says more).
 *
 * @param on the kind of target that it happened on
 */
export function failureAdvice(code: FailureCode, on: TargetName): string {
  const onGke = on === "gke" ? onGoogle[code] : undefined;
  return onGke ?? (on === "local" ? undefined : onCluster[code]) ?? anywhere[code];
}

/**
 * What to do about what came up by itself, while no operation ran: there is nothing to retry then, and the target goes
 * on trying.
 *
 * @param on the kind of target that it happens on
 */
export function servingAdvice(code: FailureCode, on: TargetName): string {
  return (
    (on === "gke" ? whileServingOnGoogle[code] : undefined) ?? whileServing[code] ?? failureAdvice(code, on)
  );
}

const faultsOfSettings: ReadonlySet<FailureCode> = new Set<FailureCode>([
  "port_taken",
  "image_pull",
  "no_node_fits",
  "pod_refused",
  "root_needed",
  "out_of_memory",
  "irreplaceable",
  "quota_exceeded",
  "not_offered",
  "network_unusable",
]);

/** Whether it fails again as long as the settings stay as they are: then they come before a retry. */
export function isFaultOfSettings(code: FailureCode | null): boolean {
  return code !== null && faultsOfSettings.has(code);
}

/** Of what the replicas of a deployment can be short for. */
const whileServing: Partial<Record<FailureCode, string>> = {
  port_taken: "Choose another port under Settings, in Endpoint.",
  start_failed: "Read the last lines of the replicas below, and mend the image or the settings.",
  probe_failed: "Check the health path under Settings and the replicas’ last lines.",
  image_pull: "Both are under Settings; it is pulled as soon as the registry gives it.",
  no_node_fits:
    "Ask for less under Settings, in the replica’s resources, or have a node added to the cluster: it is put there by itself.",
  pod_refused:
    "Ask for less under Settings, or have whoever runs the cluster change its quota or rules: it is made by itself then.",
};

const whileServingOnGoogle: Partial<Record<FailureCode, string>> = {
  no_node_fits:
    "Choose more or larger nodes under Settings, in Google Cloud, or ask for less in the replica’s resources: it is put there by itself.",
};

const onGoogle: Partial<Record<FailureCode, string>> = {
  target_unreachable:
    "The target’s page says what keeps Sluice from Google or from the cluster. Retry once it is reached; a tear-down that fails can be forgotten.",
  target_refused:
    "The target’s page has the role that is missing, with the command that gives it. Retry some minutes after.",
  no_node_fits:
    "Choose more or larger nodes under Settings, in Google Cloud, or ask for less in the replica’s resources, then retry.",
  pod_refused:
    "Ask for less under Settings, or have whoever runs the cluster change its quota or rules, then retry.",
  load_balancer_failed:
    "Read Google’s words in the message, change the settings they speak of, and retry. What is there is taken over.",
  endpoint_failed:
    "Google’s load balancer takes some minutes to answer everywhere. Retry; if it fails again, look at the organisation’s firewall policies.",
  // The message itself says which of two things is to be done: a cluster that is gone isn't put right.
  objects_missing: "Google’s audit log of the project says who deleted it.",
};

const onCluster: Partial<Record<FailureCode, string>> = {
  target_unreachable:
    "Its page under Targets says what keeps Sluice from it. Retry once it is reached; a tear-down that fails can be forgotten.",
  load_balancer_failed: "Read the message, change the settings under Endpoint or Rules, and retry.",
  start_failed: "Read the last lines of the pod’s log below, mend the image or the settings, and retry.",
  probe_failed:
    "Check the image’s port and the health path under Settings, and the replicas’ last lines, then retry.",
  endpoint_failed:
    "Check that Sluice’s machine reaches the address: a firewall, or a public host to set on the target’s page. Then retry.",
};

const anywhere: Record<FailureCode, string> = {
  engine_missing: "See under Targets which way of obtaining Pulumi failed, then retry.",
  engine_failed: "The engine’s log under Activity holds the reason. Retry once it is mended.",
  target_unreachable: "It is restarted by itself: wait a moment, then retry.",
  load_balancer_missing: "See under Targets what keeps HAProxy from being obtained, then retry.",
  load_balancer_failed:
    "The load balancer goes on with its earlier configuration. Change the settings, or retry.",
  port_taken: "The port is under Settings, in Endpoint; or retry once it is free.",
  start_failed: "Read its last lines, mend the settings, and retry.",
  probe_failed: "Check the health path under Settings and the replicas’ last lines, then retry.",
  endpoint_failed: "Call it under Test to see its answer, then retry.",
  interrupted: "What exists already is taken over, not made twice.",
  cancelled: "Retry to go on from what exists, or tear it down.",
  stale_fence: "Nothing to do: the newer attempt decides.",
  secret_unreadable: "Start the portal with the right SLUICE_KEY, or enter the secret again under Settings.",
  target_refused: "Have an admin look at the target’s rights and credentials under Targets, then retry.",
  image_pull: "Both are under Settings; retry once they are mended.",
  no_node_fits:
    "Ask for less under Settings, in the replica’s resources, or have a node added to the cluster, then retry.",
  pod_refused:
    "Ask for less under Settings, or have whoever runs the cluster change its quota or rules, then retry.",
  root_needed: "Switch on Runs as root beside the image under Settings, or use an image with a numeric user.",
  out_of_memory: "Raise the memory of a replica under Settings: more than that ends it.",
  objects_missing: "Press “Put it right” under Overview: it makes anew what is missing.",
  gateway_failed:
    "Have the Gateway class’s controller looked at, then retry; or choose another way to reach it under Settings, in Endpoint.",
  namespace_taken: "Rename or delete that namespace in the cluster, then retry. Sluice never touches it.",
  irreplaceable:
    "Take that change back under Settings; or make a new deployment with it, and tear this one down once that one answers.",
  api_disabled: "Have an admin enable it on the page that the message names, and retry some minutes later.",
  quota_exceeded:
    "Choose fewer or smaller nodes under Settings, tear down what isn’t used, or have Google asked for more; then retry.",
  not_offered: "Choose another machine or GPU under Settings, or a target in a place that has it.",
  nodes_failed:
    "Retry: what came out wrong is made anew. If it stays, choose another machine type under Settings.",
  name_taken: "Have it renamed or deleted where it is, then retry. Sluice never touches it.",
  network_unusable:
    "Put the names under Settings right, in the cluster’s network, or have what is missing made; then retry.",
  cluster_unusable:
    "Have the cluster changed as the message says, and retry; or make a new deployment in another cluster.",
  certificate_pending:
    "The record to copy is under Overview, in Google Cloud. Nothing else is to be done: it is looked at again by itself.",
  leftovers:
    "Have what the message names put right, then tear it down again: that sweeps what is left. Or remove it by hand.",
};
