import { checkInputs, type Problem } from "#e2e/stand-in/check-inputs.ts";
import type { Fields } from "#e2e/stand-in/protocol.ts";
import { clusterDeclarations } from "#e2e/cluster/stand-in/declarations.ts";

/** Where the SDK declares the arguments of a type; null for kinds that it has no class for. */
function declarationOf(type: string): string | null {
  const [, group = "", kind = ""] = type.split(":");
  const file = `args:${group}/${kind.charAt(0).toLowerCase()}${kind.slice(1)}`;
  return file in clusterDeclarations() ? file : null;
}

/**
 * What the SDK's declarations have against a resource of this type. Of a kind that a cluster was taught (a custom
 * resource) the SDK knows the metadata alone; the rest the API server checks.
 */
export function checkResource(type: string, inputs: Fields): Problem[] {
  const declaration = declarationOf(type);
  if (declaration) return checkInputs(clusterDeclarations(), declaration, inputs);
  const metadata = (inputs.metadata ?? {}) as Fields;
  if (typeof inputs.apiVersion !== "string" || !inputs.apiVersion.includes(".")) {
    return [{ property: "apiVersion", reason: `the SDK has no ${type}` }];
  }
  return checkInputs(clusterDeclarations(), "meta.v1.ObjectMeta", metadata);
}
