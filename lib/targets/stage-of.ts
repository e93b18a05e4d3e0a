import type { Change } from "#lib/operations/events.ts";
import type { Stage } from "#lib/operations/stages.ts";
import { gkeTypes } from "#lib/targets/gke/types.ts";
import { kubernetesTypes } from "#lib/targets/kubernetes/types.ts";
import { localTypes } from "#lib/targets/local/plan.ts";

/** The stages in which the engine works, in order. */
export const engineStages = ["creating", "starting", "health"] as const satisfies readonly Stage[];

/**
 * The stage of a deploy or an update that a resource belongs to. What an update deletes, it deletes last.
 * In a cluster a Deployment is done when its pods are, and an address when it can be reached. At Google the network, the
 * cluster and its nodes are made first; what needs pods that run comes after them, up to the ports of the address.
 */
export function stageOf(resource: { type: string; change: Change }): (typeof engineStages)[number] {
  if (resource.change === "delete") return "health";
  switch (resource.type) {
    case localTypes.modelServer:
    case kubernetesTypes.deployment:
      return "starting";
    case localTypes.pool:
    case localTypes.routes:
    case kubernetesTypes.service:
    case kubernetesTypes.gateway:
    case kubernetesTypes.route:
    case gkeTypes.backendService:
    case gkeTypes.urlMap:
    case gkeTypes.httpProxy:
    case gkeTypes.httpsProxy:
    case gkeTypes.forwardingRule:
      return "health";
    default:
      return "creating";
  }
}
