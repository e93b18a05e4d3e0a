import type { Change } from "#lib/operations/events.ts";
import type { Stage } from "#lib/operations/stages.ts";
import { localTypes } from "#lib/targets/local/plan.ts";

/** The stages in which the engine works, in order. */
export const engineStages = ["creating", "starting", "health"] as const satisfies readonly Stage[];

/** The stage of a deploy or an update that a resource belongs to. What an update deletes, it deletes last. */
export function stageOf(resource: { type: string; change: Change }): (typeof engineStages)[number] {
  if (resource.change === "delete") return "health";
  switch (resource.type) {
    case localTypes.modelServer:
      return "starting";
    case localTypes.pool:
    case localTypes.routes:
      return "health";
    default:
      return "creating";
  }
}
