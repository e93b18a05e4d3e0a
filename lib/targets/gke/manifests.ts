import { metadataOf, selectorOf, type Owner } from "#lib/targets/kubernetes/manifests/metadata.ts";
import { objectNames } from "#lib/targets/kubernetes/settings.ts";

/** The port of these Services; the pods' own port has the name `http`. */
const servicePort = 80;
const ports = [{ name: "http", port: servicePort, targetPort: "http", protocol: "TCP" }];

/** The Service whose pods' addresses GKE puts into a group (NEG) for a variant's backend service. */
export function variantServiceName(variant: string): string {
  return `backend-${variant}`;
}

/**
 * A Service of which GKE's controller makes a group of pods' addresses in each zone, under a name that is known before.
 *
 * @param pods HAProxy's, or a variant's
 */
export function groupService(owner: Owner, name: string, pods: Owner, group: string) {
  const exposed = { exposed_ports: { [servicePort]: { name: group } } };
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: metadataOf(name, owner, { "cloud.google.com/neg": JSON.stringify(exposed) }),
    spec: { type: "ClusterIP", selector: selectorOf(pods), ports },
  };
}

/**
 * Layer 4: connections come from Google's network to the pods, with the caller's own address. The reserved address is
 * named, since what it is isn't known before (ingress-gce takes the annotation before spec.loadBalancerIP, which is
 * deprecated).
 */
export function networkService(owner: Owner, pods: Owner, addressName: string, isSticky: boolean) {
  const annotations = {
    "cloud.google.com/l4-rbs": "enabled",
    "networking.gke.io/load-balancer-ip-addresses": addressName,
  };
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: metadataOf(objectNames.endpoint, owner, annotations),
    spec: {
      type: "LoadBalancer",
      externalTrafficPolicy: "Local",
      ...(isSticky && { sessionAffinity: "ClientIP" }),
      selector: selectorOf(pods),
      ports,
    },
  };
}
