import { chooseModel, type FormState, type Moved, type VariantState } from "#components/form/form-state.ts";
import { movedGoogle } from "#components/form/move-google.ts";
import { suggestedName } from "#components/form/suggested-name.ts";
import { usualMetric } from "#lib/deployments/complete-variant.ts";
import { catalogue } from "#lib/models/catalogue.ts";
import type { Place } from "#lib/targets/place.ts";
import { refusedFeatures } from "#lib/targets/refusals.ts";

/**
 * Chooses another target: all that was typed stays, and a choice that can't be made there becomes what is usual
 * there. Each of those says why at its field (`moved`).
 */
export function moveToPlace(form: FormState, place: Place): Partial<FormState> {
  const { gatewayClass } = form;
  const hasClass = gatewayClass === "" || place.offers?.gatewayClasses.includes(gatewayClass) !== false;
  const keepsTls = form.tlsMode !== "google" || place.kind === "gke";
  // Where there are no clusters the field isn't shown, so what was chosen waits for the next cluster.
  const stays = place.kind !== "kubernetes" || hasClass;
  const variants = form.variants.map((variant) => ({ ...variant, ...movedVariant(variant, place) }));
  return {
    target: place.name,
    name: suggestedName({ ...form, variants }),
    variants,
    gatewayClass: stays ? gatewayClass : "",
    google: movedGoogle(form.google, place),
    ...(!keepsTls && { tlsMode: "none" as const }),
    moved: {
      ...(!stays && {
        gatewayClass: {
          to: "",
          says: `${place.name} has no Gateway class ${gatewayClass}: a Service instead.`,
        },
      }),
      ...(!keepsTls && {
        tlsMode: {
          to: "none",
          says: "Google’s certificates are for Google Cloud. The domain is kept for such a target.",
        },
      }),
    },
  };
}

/** What to say of a choice that was moved, while it is what it was moved to. */
export function movedWords(moved: Moved | undefined, chosen: string): string | null {
  return moved && moved.to === chosen ? moved.says : null;
}

function movedVariant(variant: VariantState, place: Place): Partial<VariantState> {
  const refused = refusedFeatures(place);
  const noModel = refused[variant.source];
  const noMetric = variant.metric && variant.metric !== "none" && refused[variant.metric];
  return {
    ...(noModel && (variant.source === "image" ? toPreset(variant) : chooseModel({ source: "image" }))),
    ...(noMetric && { metric: "" as const }),
    moved: {
      ...(noModel && {
        source: {
          to: variant.source === "image" ? "preset" : "image",
          says:
            variant.source === "image"
              ? `${noModel} The image is kept for another target.`
              : `${place.name} can't pull the catalogue's models, so it takes a container image.`,
        },
      }),
      ...(noMetric && { metric: { to: usualMetric(place), says: noMetric } }),
    },
  };
}

/** The catalogue's first, where none was chosen before. */
function toPreset({ preset }: VariantState): Partial<VariantState> {
  return chooseModel({ source: "preset", preset: preset || (catalogue[0]?.id ?? "") });
}
