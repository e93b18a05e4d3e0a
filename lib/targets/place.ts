import type { Spec, TargetName } from "#lib/deployments/spec.ts";
import type { FieldError } from "#lib/errors.ts";
import type { ClusterOffers, TargetView } from "#lib/targets/target-view.ts";
import { targets } from "#lib/targets/targets.ts";

/** Where a deployment is to run, as far as its spec depends on it: a built-in target, or a registered cluster. */
export type Place = {
  kind: TargetName;
  /** what a person writes as `target` */
  name: string;
  /** the registered cluster's; null for a built-in target */
  targetId: string | null;
  /** why nothing new can be deployed there, or `null` */
  refusal: string | null;
  /** what a cluster can give; null for a built-in target, and where nothing is known of it now */
  offers: ClusterOffers | null;
};

/** The targets that every portal has. A kind that is clusters to be registered isn't a place itself. */
export const builtInPlaces: readonly Place[] = targets
  .filter(({ name }) => name !== "kubernetes")
  .map(({ name, refusal }) => ({ kind: name, name, targetId: null, refusal, offers: null }));

/** A target as a place. What runs on this machine waits for its tools, so only a cluster's trouble refuses. */
export function placeOf(target: Pick<TargetView, "kind" | "name" | "refusal" | "reason" | "cluster">): Place {
  const { kind, name, cluster } = target;
  return {
    kind,
    name,
    targetId: cluster?.id ?? null,
    refusal: cluster ? target.reason : target.refusal,
    offers: cluster?.offers ?? null,
  };
}

/**
 * The place as a deployment that is there may use it: what a cluster lacks for now (its metrics API, a Gateway class)
 * isn't refused to who has it already, or nothing else of it could be changed either.
 */
export function placeWith(place: Place, { variants, endpoint }: Pick<Spec, "variants" | "endpoint">): Place {
  const { offers } = place;
  if (!offers) return place;
  const { gatewayClass } = endpoint;
  const isMissing = gatewayClass !== null && !offers.gatewayClasses.includes(gatewayClass);
  return {
    ...place,
    offers: {
      ...offers,
      autoscaling: offers.autoscaling || variants.some(({ scaling }) => scaling.metric === "cpu"),
      gatewayClasses: isMissing ? [...offers.gatewayClasses, gatewayClass] : offers.gatewayClasses,
    },
  };
}

/** The place of that name, or what is wrong with it. */
export function findPlace(places: readonly Place[], name: string): Place | FieldError {
  const place = places.find((one) => one.name === name);
  const refuse = (message: string): FieldError => ({ field: "target", message });
  if (place) return place.refusal === null ? place : refuse(place.refusal);
  const clusters = places.filter(({ kind }) => kind === "kubernetes").map((one) => one.name);
  if (name === "kubernetes") {
    return refuse(
      clusters.length > 0
        ? `Name the cluster: ${clusters.join(", ")}.`
        : "No cluster is registered. An admin adds one on the targets page.",
    );
  }
  return refuse(`There is no target "${name}". Choose one of: ${places.map((one) => one.name).join(", ")}.`);
}
