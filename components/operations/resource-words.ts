import { localTypes } from "#lib/targets/local/plan.ts";

const words: Record<string, string> = {
  [localTypes.endpoint]: "Endpoint",
  [localTypes.modelServer]: "Model server",
  [localTypes.pool]: "Pool",
  [localTypes.routes]: "Routes",
};

/** A resource's type as people call it: `sluice:local:ModelServer` → `Model server`. */
export function resourceWord(type: string): string {
  return words[type] ?? type.split(":").at(-1) ?? type;
}
