import type { FormState } from "#components/form/form-state.ts";
import type { Place } from "#lib/targets/place.ts";

/** Whether keys would cross the Internet where anyone on the way can read them. */
export function sendsKeysInClear(
  { access, tlsMode, layer }: Pick<FormState, "access" | "tlsMode" | "layer">,
  { kind }: Pick<Place, "kind">,
): boolean {
  return kind === "gke" && layer === "7" && access === "private" && tlsMode === "none";
}
