import type { Cloud } from "#e2e/cloud/stand-in/cloud.ts";
import type { Field } from "#e2e/cloud/stand-in/fields.ts";
import { isObject } from "#e2e/cloud/stand-in/values.ts";
import type { Fields } from "#e2e/stand-in/protocol.ts";

const attribution = { "goog-pulumi-provisioned": "true" };

/** Labels go their own way to the API, and the plugin's own isn't an input. */
export const labelsField: Field = { write: () => undefined, read: withoutAttribution };

/** Labels that a thing gets: the program's, and the plugin's own where the kind has that. */
export function effectiveLabels(
  cloud: Pick<Cloud, "isAttributed">,
  given: unknown,
  isAttributedKind: boolean,
): Fields {
  return { ...(isAttributedKind && cloud.isAttributed && attribution), ...(isObject(given) && given) };
}

function withoutAttribution(labels: unknown): unknown {
  const own = Object.keys(attribution);
  return Object.fromEntries(Object.entries(labels as Fields).filter(([name]) => !own.includes(name)));
}

/** All labels that there are: the plugin has them beside those that a program gave. */
export function labelOutputs(labels: unknown, fingerprint: unknown): Fields {
  const all = isObject(labels) ? labels : {};
  return { effectiveLabels: all, pulumiLabels: all, labelFingerprint: fingerprint ?? "" };
}
