import { metadataOf, selectorOf, type Owner } from "#lib/targets/kubernetes/manifests/metadata.ts";
import { objectNames } from "#lib/targets/kubernetes/settings.ts";

export type ServiceType = "LoadBalancer" | "NodePort" | "ClusterIP";

/**
 * The Service that traffic comes to: HAProxy's pods, or at layer 4 the model's own. Behind a Gateway it has an
 * address inside of the cluster alone.
 */
export function endpointService(options: {
  owner: Owner;
  /** whose pods it leads to */
  pods: Owner;
  type: ServiceType;
  hasHttp: boolean;
  hasTls: boolean;
  /** the same caller's address comes to the same pod */
  isSticky: boolean;
}) {
  const { owner, pods, type, hasHttp, hasTls, isSticky } = options;
  const port = (name: string, number: number) => ({
    name,
    port: number,
    targetPort: name,
    protocol: "TCP",
  });
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: metadataOf(objectNames.endpoint, owner),
    spec: {
      type,
      selector: selectorOf(pods),
      ...(isSticky && { sessionAffinity: "ClientIP" }),
      ports: [...(hasHttp ? [port("http", 80)] : []), ...(hasTls ? [port("https", 443)] : [])],
    },
  };
}
