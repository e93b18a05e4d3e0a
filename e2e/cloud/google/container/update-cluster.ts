import { containerKey, idleCluster } from "#e2e/cloud/google/container/find.ts";
import { startOperation } from "#e2e/cloud/google/container/operation.ts";
import { GoogleError, notModelled } from "#e2e/cloud/google/google-error.ts";
import { objectAt, withoutNulls, type JsonObject } from "#e2e/cloud/google/json.ts";
import type { Call } from "#e2e/cloud/google/model.ts";
import { fingerprintOf } from "#e2e/cloud/google/store.ts";

const bad = (message: string) => new GoogleError(400, "badRequest", message);

/** Fields of an update that set a field of the cluster. Google takes one of them at a time. */
const desired: Record<string, string> = {
  desiredLoggingService: "loggingService",
  desiredMonitoringService: "monitoringService",
  desiredLoggingConfig: "loggingConfig",
  desiredMonitoringConfig: "monitoringConfig",
  desiredReleaseChannel: "releaseChannel",
  desiredWorkloadIdentityConfig: "workloadIdentityConfig",
  desiredShieldedNodes: "shieldedNodes",
  desiredMasterAuthorizedNetworksConfig: "masterAuthorizedNetworksConfig",
  desiredControlPlaneEndpointsConfig: "controlPlaneEndpointsConfig",
  desiredVerticalPodAutoscaling: "verticalPodAutoscaling",
  desiredBinaryAuthorization: "binaryAuthorization",
  desiredNotificationConfig: "notificationConfig",
  desiredAddonsConfig: "addonsConfig",
  desiredLocations: "locations",
};

/** Changes one thing of a cluster. */
export async function updateCluster(call: Call): Promise<JsonObject> {
  const { model } = call;
  const stored = idleCluster(model, containerKey(call, "name"));
  const change = withoutNulls(objectAt(call.body, "update"));
  const names = Object.keys(change);
  const unknown = names.find((name) => !(name in desired));
  if (unknown) throw notModelled(`the field ${unknown} of ${call.method.id}`);
  if (names.length !== 1) throw bad("Must specify exactly one field to update.");
  const next = Object.fromEntries(names.map((name) => [desired[name]!, change[name]]));
  const apply = () => model.store.change(stored, { ...stored.body, ...next }, model.clock.now());
  return startOperation(call, { type: "UPDATE_CLUSTER", cluster: stored, target: stored.key, apply });
}

/** Replaces a cluster's labels, if the request knows those that are there. */
export async function setClusterLabels(call: Call): Promise<JsonObject> {
  const { model } = call;
  const stored = idleCluster(model, containerKey(call, "name"));
  if (call.body.labelFingerprint !== stored.body.labelFingerprint) {
    throw new GoogleError(412, "conditionNotMet", "Labels could not be set due to fingerprint mismatch.");
  }
  const resourceLabels = withoutNulls(objectAt(call.body, "resourceLabels"));
  const labelFingerprint = fingerprintOf(resourceLabels);
  const apply = () =>
    model.store.change(stored, { ...stored.body, resourceLabels, labelFingerprint }, model.clock.now());
  return startOperation(call, { type: "UPDATE_CLUSTER", cluster: stored, target: stored.key, apply });
}
