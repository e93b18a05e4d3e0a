import { expect, test } from "vitest";
import { rights as clusterRights } from "#lib/targets/kubernetes/rights.ts";
import { apiLink, rights, roleOf } from "#lib/targets/gke/rights.ts";
import { gkeTypes, type GkeType } from "#lib/targets/gke/types.ts";

/**
 * What Google's predefined roles hold, as far as it matters here: its reference of roles and permissions
 * (cloud.google.com/iam/docs/roles-permissions). Network Admin has everything of networks but firewalls and
 * certificates, which are Security Admin's.
 */
const predefined: Record<string, RegExp[]> = {
  "roles/browser": [/^resourcemanager\.projects\.get$/],
  "roles/serviceusage.serviceUsageViewer": [/^serviceusage\.services\.(get|list)$/],
  "roles/compute.viewer": [/^compute\.\w+\.(get|list)$/],
  "roles/compute.networkAdmin": [/^compute\.(networks|subnetworks)\./],
  "roles/compute.securityAdmin": [
    /^compute\.(firewalls|sslCertificates)\./,
    /^compute\.networks\.updatePolicy$/,
  ],
  "roles/compute.loadBalancerAdmin": [
    /^compute\.(globalAddresses|addresses|backendBuckets|backendServices|regionBackendServices)\./,
    /^compute\.(globalForwardingRules|forwardingRules|healthChecks|httpHealthChecks|regionHealthChecks)\./,
    /^compute\.(networkEndpointGroups|targetHttpProxies|targetHttpsProxies|targetPools|urlMaps)\./,
  ],
  "roles/container.admin": [/^container\./],
  "roles/storage.admin": [/^storage\.(buckets|objects)\./],
  "roles/monitoring.viewer": [/^monitoring\.\w+\.(get|list)$/],
  "roles/logging.viewer": [/^logging\.logEntries\.list$/],
  "roles/compute.instanceAdmin.v1": [
    /^compute\.(disks|instances|instanceGroups|instanceGroupManagers|instanceTemplates)\./,
  ],
};

test.each(rights.map((right) => [right.role, right] as const))("%s holds its rights", (role, right) => {
  const held = predefined[role]!;
  const lacking = right.permissions.filter((permission) => !held.some((each) => each.test(permission)));
  expect(lacking).toEqual([]);
});

test("each right is there once, under one role", () => {
  const all = rights.flatMap(({ permissions }) => permissions);
  expect(all.length).toBe(new Set(all).size);
  expect(roleOf("compute.firewalls.create")?.role).toBe("roles/compute.securityAdmin");
  expect(roleOf("compute.firewalls.fly")).toBeNull();
});

/** The API's name for each kind of the graph. */
const kinds: Record<GkeType, string> = {
  [gkeTypes.network]: "compute.networks",
  [gkeTypes.subnetwork]: "compute.subnetworks",
  [gkeTypes.firewall]: "compute.firewalls",
  [gkeTypes.cluster]: "container.clusters",
  // A pool is a part of its cluster, and so are its rights.
  [gkeTypes.nodePool]: "container.clusters",
  [gkeTypes.healthCheck]: "compute.healthChecks",
  [gkeTypes.backendService]: "compute.backendServices",
  [gkeTypes.backendBucket]: "compute.backendBuckets",
  [gkeTypes.bucket]: "storage.buckets",
  [gkeTypes.bucketReader]: "storage.buckets",
  [gkeTypes.urlMap]: "compute.urlMaps",
  [gkeTypes.httpProxy]: "compute.targetHttpProxies",
  [gkeTypes.httpsProxy]: "compute.targetHttpsProxies",
  [gkeTypes.managedCertificate]: "compute.sslCertificates",
  [gkeTypes.certificate]: "compute.sslCertificates",
  [gkeTypes.globalAddress]: "compute.globalAddresses",
  [gkeTypes.forwardingRule]: "compute.globalForwardingRules",
  [gkeTypes.address]: "compute.addresses",
};

test.each(Object.entries(kinds))("%s can be made, looked at and removed", (_type, kind) => {
  for (const verb of ["create", "get", "list", "delete"])
    expect(roleOf(`${kind}.${verb}`), `${kind}.${verb}`).not.toBeNull();
});

test("what is needed in any cluster is among the rights in Google's words", () => {
  const named: Record<string, string> = {
    "pods/log get": "container.pods.getLogs",
    "pods/portforward get": "container.pods.portForward",
    "pods/portforward create": "container.pods.portForward",
  };
  const words: Record<string, string> = { watch: "get", patch: "update" };
  const camel = (resource: string) =>
    ["replicaSets", "configMaps", "horizontalPodAutoscalers", "podDisruptionBudgets"]
      .concat("persistentVolumeClaims", "endpointSlices")
      .find((each) => each.toLowerCase() === resource) ?? resource;
  for (const { resource, verbs, need } of clusterRights) {
    if (need === "gateway") continue;
    for (const verb of verbs) {
      const permission =
        named[`${resource} ${verb}`] ?? `container.${camel(resource)}.${words[verb] ?? verb}`;
      expect(roleOf(permission), permission).not.toBeNull();
    }
  }
});

test("an API is enabled on a page of the project's", () => {
  expect(apiLink("compute.googleapis.com", "demo-proj")).toBe(
    "https://console.cloud.google.com/apis/library/compute.googleapis.com?project=demo-proj",
  );
});
