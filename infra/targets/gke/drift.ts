import type { EngineStep } from "#infra/engine/pulumi-look.ts";
import type { DriftItem } from "#lib/targets/drift.ts";

/**
 * What of a deployment in a Google project was changed or deleted by hand: what the engine would do to have it as it was
 * declared, once it has looked. Google writes much of it in other words than those that were declared, and only its
 * plugin knows which of them mean the same.
 */
export function driftOf(steps: EngineStep[]): DriftItem[] {
  return steps
    .flatMap(({ type, name, change, fields }): DriftItem[] => {
      if (change === "create") return [{ type, name, gone: true, what: "It was deleted." }];
      if (change !== "update" && change !== "replace") return [];
      // It is as it was declared, but not ready: the engine would only wait for it.
      if (change === "update" && fields.length === 0) return [];
      const what = fields.length > 0 ? `Changed: ${fields.join(", ")}.` : "It was changed.";
      return [{ type, name, gone: false, what }];
    })
    .sort((a, b) => Number(b.gone) - Number(a.gone));
}
