import type { Spec, TargetName } from "#lib/deployments/spec.ts";
import type { FieldError } from "#lib/errors.ts";
import type { ClusterOffers, TargetView } from "#lib/targets/target-view.ts";
import type { ProjectOffers, ProjectView } from "#lib/targets/gke/project-view.ts";
import { targets } from "#lib/targets/targets.ts";

/** Where a deployment is to run, as far as its spec depends on it: a built-in target, or a registered cluster. */
export type Place = {
  kind: TargetName;
  /** what a person writes as `target` */
  name: string;
  /** the registered one's; null for a built-in target */
  targetId: string | null;
  /** why nothing new can be deployed there, or `null` */
  refusal: string | null;
  /** what a cluster can give; null for a built-in target, and where nothing is known of it now */
  offers: ClusterOffers | null;
  /** what a Google project can give; null elsewhere, and where nothing is known of it now */
  project: ProjectOffers | null;
};

/** The targets that every portal has. A kind that is registered one by one isn't a place itself. */
export const builtInPlaces: readonly Place[] = targets
  .filter(({ name }) => name === "local")
  .map(({ name, refusal }) => ({ kind: name, name, targetId: null, refusal, offers: null, project: null }));

/** A target as a place. What runs on this machine waits for its tools, so only the trouble of what is registered refuses. */
export function placeOf(
  target: Pick<TargetView, "kind" | "name" | "refusal" | "reason" | "cluster" | "project">,
): Place {
  const { kind, name, cluster, project } = target;
  return {
    kind,
    name,
    targetId: cluster?.id ?? project?.id ?? null,
    refusal: cluster || project ? target.reason : target.refusal,
    offers: project ? clusterOffersIn(project) : (cluster?.offers ?? null),
    project: project?.offers ?? null,
  };
}

/** What every cluster in a Google project can give, its own or one that is there: they are GKE's. */
function clusterOffersIn({ offers, imagePrefix }: ProjectView): ClusterOffers | null {
  return (
    offers && {
      version: null,
      nodes: null,
      largestPod: null,
      gatewayClasses: [],
      autoscaling: true,
      loadBalancers: true,
      publicHost: null,
      imagePrefix,
    }
  );
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
  if (name === "kubernetes" || name === "gke") return refuse(nameOneOf(name, places));
  return refuse(`There is no target "${name}". Choose one of: ${places.map((one) => one.name).join(", ")}.`);
}

function nameOneOf(kind: "kubernetes" | "gke", places: readonly Place[]): string {
  const names = places.filter((one) => one.kind === kind).map((one) => one.name);
  const what = kind === "gke" ? "Google project" : "cluster";
  if (names.length === 0) return `No ${what} is registered. An admin adds one on the targets page.`;
  return `Name the ${kind === "gke" ? "project" : "cluster"}: ${names.join(", ")}.`;
}
