/** What a group of rights is for: without those for `sweep` only what GKE left behind can't be removed from here. */
export type Need = "always" | "static content" | "figures" | "sweep";

/** What Sluice does in a project, by the predefined role that allows it. */
export type RightsOfRole = {
  role: string;
  /** the role's title in Google's console */
  title: string;
  need: Need;
  /** what for, in a few words after "to" */
  why: string;
  permissions: readonly string[];
};

const manage = ["create", "delete", "get", "list"] as const;
const change = [...manage, "update"] as const;
const remove = ["delete", "get", "list"] as const;

/** Permissions of one of a service's kinds. */
function of(kind: string, verbs: readonly string[]): string[] {
  return verbs.map((verb) => `${kind}.${verb}`);
}

const readOnly = ["get", "list"] as const;

/**
 * Every right that Sluice needs in a project, each with the role that gives it. A check asks Google for each one; the
 * script in docs/gke.md gives the roles. What the roles hold: cloud.google.com/iam/docs/roles-permissions.
 */
export const rights: readonly RightsOfRole[] = [
  {
    role: "roles/browser",
    title: "Browser",
    need: "always",
    why: "see the project",
    permissions: ["resourcemanager.projects.get"],
  },
  {
    role: "roles/serviceusage.serviceUsageViewer",
    title: "Service Usage Viewer",
    need: "always",
    why: "see which APIs are enabled",
    permissions: of("serviceusage.services", readOnly),
  },
  {
    role: "roles/compute.viewer",
    title: "Compute Viewer",
    need: "always",
    why: "see quotas, machine types and what is there",
    permissions: [
      "compute.projects.get",
      ...of("compute.regions", readOnly),
      ...of("compute.zones", readOnly),
      ...of("compute.machineTypes", readOnly),
      ...of("compute.acceleratorTypes", readOnly),
      ...of("compute.disks", readOnly),
      ...of("compute.instances", readOnly),
      ...of("compute.instanceGroups", readOnly),
      ...of("compute.instanceGroupManagers", readOnly),
      ...of("compute.instanceTemplates", readOnly),
      "compute.globalOperations.get",
      "compute.regionOperations.get",
      "compute.zoneOperations.get",
    ],
  },
  {
    role: "roles/compute.networkAdmin",
    title: "Compute Network Admin",
    need: "always",
    why: "give each cluster a network of its own",
    permissions: [
      ...of("compute.networks", [...manage, "use"]),
      ...of("compute.subnetworks", [...change, "use"]),
    ],
  },
  {
    role: "roles/compute.securityAdmin",
    title: "Compute Security Admin",
    need: "always",
    why: "let Google's load balancer in to the pods, and hand over certificates",
    permissions: [
      ...of("compute.firewalls", change),
      "compute.networks.updatePolicy",
      ...of("compute.sslCertificates", manage),
    ],
  },
  {
    role: "roles/compute.loadBalancerAdmin",
    title: "Compute Load Balancer Admin",
    need: "always",
    why: "make the load balancer",
    permissions: [
      ...of("compute.globalAddresses", [...manage, "setLabels", "use"]),
      ...of("compute.addresses", [...manage, "setLabels", "use"]),
      ...of("compute.backendBuckets", [...change, "use"]),
      ...of("compute.backendServices", [...change, "use"]),
      ...of("compute.regionBackendServices", remove),
      ...of("compute.globalForwardingRules", [...manage, "setLabels", "setTarget"]),
      ...of("compute.forwardingRules", remove),
      ...of("compute.healthChecks", [...change, "useReadOnly"]),
      ...of("compute.httpHealthChecks", remove),
      ...of("compute.regionHealthChecks", remove),
      ...of("compute.networkEndpointGroups", [...remove, "use"]),
      ...of("compute.targetHttpProxies", [...manage, "setUrlMap", "use"]),
      ...of("compute.targetHttpsProxies", [...manage, "setSslCertificates", "setUrlMap", "use"]),
      ...of("compute.targetPools", remove),
      ...of("compute.urlMaps", [...change, "use"]),
    ],
  },
  {
    role: "roles/container.admin",
    title: "Kubernetes Engine Admin",
    need: "always",
    why: "make clusters, and what is in them",
    permissions: [
      ...of("container.clusters", change),
      ...of("container.operations", readOnly),
      ...of("container.namespaces", change),
      ...of("container.deployments", change),
      ...of("container.replicaSets", readOnly),
      ...of("container.services", change),
      ...of("container.secrets", change),
      ...of("container.configMaps", change),
      ...of("container.horizontalPodAutoscalers", change),
      ...of("container.podDisruptionBudgets", change),
      ...of("container.pods", [...readOnly, "getLogs", "portForward"]),
      ...of("container.events", readOnly),
      ...of("container.persistentVolumeClaims", readOnly),
      ...of("container.endpoints", readOnly),
      ...of("container.endpointSlices", readOnly),
      ...of("container.nodes", readOnly),
    ],
  },
  {
    role: "roles/storage.admin",
    title: "Storage Admin",
    need: "static content",
    why: "serve static files from a bucket",
    permissions: [
      ...of("storage.buckets", [...change, "getIamPolicy", "setIamPolicy"]),
      ...of("storage.objects", manage),
    ],
  },
  {
    role: "roles/monitoring.viewer",
    title: "Monitoring Viewer",
    need: "figures",
    why: "show how many requests come where Google routes them",
    permissions: ["monitoring.timeSeries.list"],
  },
  {
    role: "roles/logging.viewer",
    title: "Logs Viewer",
    need: "figures",
    why: "show the load balancer's log",
    permissions: ["logging.logEntries.list"],
  },
  {
    role: "roles/compute.instanceAdmin.v1",
    title: "Compute Instance Admin (v1)",
    need: "sweep",
    why: "remove disks, machines and their templates that GKE left behind",
    permissions: [
      "compute.disks.delete",
      "compute.instances.delete",
      "compute.instanceGroups.delete",
      "compute.instanceGroupManagers.delete",
      "compute.instanceTemplates.delete",
    ],
  },
];

/** The role on a service account that lets somebody run machines as it. */
export const actAsRole = "roles/iam.serviceAccountUser";
export const actAsPermission = "iam.serviceAccounts.actAs";

/** APIs that have to be enabled, with the titles that Google's console shows. */
export const neededApis: Readonly<Record<string, string>> = {
  "cloudresourcemanager.googleapis.com": "Cloud Resource Manager API",
  "serviceusage.googleapis.com": "Service Usage API",
  "compute.googleapis.com": "Compute Engine API",
  "container.googleapis.com": "Kubernetes Engine API",
  "iam.googleapis.com": "Identity and Access Management (IAM) API",
  "storage.googleapis.com": "Cloud Storage API",
  "monitoring.googleapis.com": "Cloud Monitoring API",
  "logging.googleapis.com": "Cloud Logging API",
};

/** Where a person enables an API. */
export function apiLink(api: string, project: string): string {
  return `https://console.cloud.google.com/apis/library/${api}?project=${encodeURIComponent(project)}`;
}

/** The role that gives a permission; null: nothing here needs it. */
export function roleOf(permission: string): RightsOfRole | null {
  return rights.find(({ permissions }) => permissions.includes(permission)) ?? null;
}
