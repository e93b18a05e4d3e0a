import { cloudDeclarations } from "#e2e/cloud/stand-in/declarations.ts";
import { kindFiles } from "#e2e/cloud/stand-in/kind-files.ts";
import { kinds } from "#e2e/cloud/stand-in/kinds/by-type.ts";
import { isNothing } from "#e2e/cloud/stand-in/values.ts";
import { checkInputs, type Problem } from "#e2e/stand-in/check-inputs.ts";
import type { Fields } from "#e2e/stand-in/protocol.ts";
import type { GkeType } from "#lib/targets/gke/types.ts";

/**
 * What is against a resource of this type: what the SDK doesn't declare, misses or has otherwise, and what this
 * stand-in wouldn't bring to Google, so that nothing is passed over.
 */
export function checkResource(type: string, inputs: Fields): Problem[] {
  const file = kindFiles[type as GkeType] as string | undefined;
  if (!file) return [{ property: "", reason: `this stand-in has no ${type}` }];
  const problems = checkInputs(cloudDeclarations(), `args:${file}`, inputs);
  if (problems.length > 0) return problems;
  const { fields } = kinds[type as GkeType];
  const passedOver = Object.keys(inputs).filter((name) => !(name in fields) && !isNothing(inputs[name]));
  if (passedOver.length > 0) {
    return passedOver.map((property) => ({ property, reason: `this stand-in doesn't know it of a ${type}` }));
  }
  if (!("name" in fields) || inputs.name) return [];
  return [{ property: "name", reason: "this stand-in makes up no names: give one" }];
}
