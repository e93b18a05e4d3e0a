/** A kind of things that a deployment can leave behind. */
export type Kind = {
  /** what a person calls one of them */
  title: string;
  /** the API's own plural */
  plural: string;
  listed: "everywhere" | "globally" | "clusters" | "buckets";
  /** GKE or its controllers make some too */
  isOfGke: boolean;
};

const everywhere = (title: string, plural: string, isOfGke = false): Kind => ({
  title,
  plural,
  listed: "everywhere",
  isOfGke,
});
const globally = (title: string, plural: string, isOfGke = false): Kind => ({
  title,
  plural,
  listed: "globally",
  isOfGke,
});

/**
 * Every kind that a plan or GKE's controllers make, in the order in which they can be removed: those of one step use none
 * of each other, and all that uses them is in a step before.
 */
export const removalSteps: readonly (readonly Kind[])[] = [
  [everywhere("Forwarding rule", "forwardingRules", true)],
  [
    everywhere("HTTP proxy", "targetHttpProxies"),
    everywhere("HTTPS proxy", "targetHttpsProxies"),
    everywhere("Target pool", "targetPools", true),
  ],
  [everywhere("URL map", "urlMaps")],
  [
    everywhere("Backend service", "backendServices", true),
    everywhere("Backend bucket", "backendBuckets"),
    // Its controllers would make groups and firewalls anew.
    { title: "Cluster", plural: "clusters", listed: "clusters", isOfGke: false },
  ],
  [
    everywhere("Health check", "healthChecks", true),
    // Target pools have these older ones; Google lists them in no other way.
    globally("HTTP health check", "httpHealthChecks", true),
    everywhere("Group of pods' addresses (NEG)", "networkEndpointGroups", true),
    everywhere("Group of machines", "instanceGroups", true),
    everywhere("Certificate", "sslCertificates"),
    everywhere("Reserved address", "addresses", true),
    globally("Firewall", "firewalls", true),
    { title: "Bucket", plural: "buckets", listed: "buckets", isOfGke: false },
  ],
  [everywhere("Manager of machines", "instanceGroupManagers", true)],
  [everywhere("Machine", "instances", true), everywhere("Template of machines", "instanceTemplates", true)],
  [everywhere("Disk", "disks", true)],
  [everywhere("Subnet", "subnetworks")],
  [globally("Network", "networks")],
];

export const kinds: readonly Kind[] = removalSteps.flat();
