import type * as z from "zod";
import { clusterInput, googleInput, type GoogleSpec } from "#lib/deployments/google-spec.ts";
import { googleChangeRefusals } from "#lib/deployments/google-change-refusals.ts";
import { googleRefusals } from "#lib/deployments/google-refusals.ts";
import { leavingDomains, leavingRefusals } from "#lib/deployments/leaving-domains.ts";
import type { Spec } from "#lib/deployments/spec.ts";
import type { FieldError } from "#lib/errors.ts";
import { parseInput } from "#lib/parse-input.ts";
import type { ProjectOffers } from "#lib/targets/gke/project-view.ts";
import type { Place } from "#lib/targets/place.ts";

/** What a person sends, defaults filled in. */
export type GivenGoogle = Required<z.output<typeof googleInput>>;

/** A deployment that is there. */
export type Standing = {
  spec: Pick<Spec, "google" | "routing">;
  /** anything of it was ever begun to be made */
  isMade: boolean;
  /** its domain was seen to answer over HTTPS */
  isServed: boolean;
};

/** As much of a draft as what it has at Google depends on. */
export type Drafted = {
  variants: Pick<Spec["variants"][number], "name" | "healthPath" | "resources">[];
  routing: Spec["routing"];
  tls: { mode: string };
  /** where a variant's resources stand in what was sent */
  resourcesField(index: number): string;
};

/**
 * What a deployment has in a Google project: defaults filled in, and where it is written down. Of one that is there,
 * that stays as it was, whatever the target offers by now.
 *
 * @param given `google` as it was sent, parsed
 * @returns `google` null where there are problems, or on another target
 */
export function completeGoogle(
  given: z.output<typeof googleInput> | null | undefined,
  drafted: Drafted,
  { place, standing }: { place: Place; standing: Standing | null },
): { google: GoogleSpec | null; problems: FieldError[] } {
  if (place.kind !== "gke") return { google: null, problems: given ? [elsewhere] : [] };
  const wanted = withDefaults(given);
  const before = standing?.spec.google ?? null;
  const made = standing?.isMade ? before : null;
  const domain = wanted.domain ?? null;
  const leaving = leavingDomains(domain, standing);
  const problems = [
    ...leavingRefusals({ domain, leavingDomains: leaving }),
    ...googleRefusals(wanted, drafted, { offers: place.project, before, isFixed: made !== null }),
    ...(made && standing ? googleChangeRefusals(wanted, drafted, { ...standing.spec, google: made }) : []),
  ];
  if (problems.length > 0) return { google: null, problems };
  const where = made ? placed(made, place.project) : choose(wanted, place.project);
  if (!where) return { google: null, problems: [unknownPlace] };
  return {
    google: {
      location: where.location,
      zones: where.zones,
      cluster: where.existing ?? ownCluster(wanted.cluster),
      domain,
      leavingDomains: leaving,
      staticContent: wanted.staticContent ?? null,
      logSampleRate: wanted.logSampleRate,
      maxRatePerEndpoint: wanted.maxRatePerEndpoint,
    },
    problems: [],
  };
}

/** A stored spec as it could have been sent. */
export function toGoogleInput(google: GoogleSpec): z.input<typeof googleInput> {
  const { location, cluster, domain, staticContent, logSampleRate, maxRatePerEndpoint } = google;
  return {
    cluster: cluster.mode === "own" ? cluster : { mode: "existing", name: cluster.name, location },
    domain,
    staticContent,
    logSampleRate,
    maxRatePerEndpoint,
  };
}

const elsewhere: FieldError = {
  field: "google",
  message: "This is for Google Cloud. Leave it out, or choose a Google project as target.",
};

const unknownPlace: FieldError = {
  field: "target",
  message:
    "Nothing is known of this Google project now. Have it checked on the targets page, then try again.",
};

function withDefaults(given: z.output<typeof googleInput> | null | undefined): GivenGoogle {
  const wanted = given ?? parseInput(googleInput, {});
  return {
    ...wanted,
    cluster: wanted.cluster ?? parseInput(clusterInput, { mode: "own" }),
    domain: wanted.domain ?? null,
    staticContent: wanted.staticContent ?? null,
  };
}

type ExistingCluster = Extract<GoogleSpec["cluster"], { mode: "existing" }>;

type Where = {
  location: string;
  zones: string[];
  existing: ExistingCluster | null;
};

function placed(made: GoogleSpec, offers: ProjectOffers | null): Where {
  const { location, zones, cluster } = made;
  return {
    location,
    zones,
    existing: cluster.mode === "existing" ? current(cluster, location, offers) : null,
  };
}

/** A cluster may get pools with other ranges later: the firewall that lets in to their pods is changed in place. */
function current(cluster: ExistingCluster, location: string, offers: ProjectOffers | null): ExistingCluster {
  const { name, network, podsRange } = cluster;
  const found = offers?.clusters.find((one) => one.name === name && one.location === location);
  const isSame = found?.network === network && found.podsRange === podsRange;
  return isSame ? { ...cluster, morePodsRanges: found.morePodsRanges } : cluster;
}

/** Where it comes to be, by what was seen of the project; what can't be chosen was refused before. */
function choose({ cluster }: GivenGoogle, offers: ProjectOffers | null): Where | null {
  if (cluster.mode === "own")
    return offers?.zones?.length ? { location: offers.location, zones: offers.zones, existing: null } : null;
  const found = offers?.clusters.find(
    ({ name, location }) => name === cluster.name && location === cluster.location,
  );
  if (!found?.network || !found.podsRange || found.zones.length === 0) return null;
  const { name, network, podsRange, morePodsRanges } = found;
  return {
    location: found.location,
    zones: found.zones,
    existing: { mode: "existing", name, network, podsRange, morePodsRanges },
  };
}

/** Where an existing one isn't meant. */
function ownCluster(cluster: GivenGoogle["cluster"]): GoogleSpec["cluster"] {
  if (cluster.mode === "existing") throw new Error("An existing cluster has to be found first.");
  const { gpu, network, maxNodes, ...rest } = cluster;
  return { ...rest, maxNodes: maxNodes ?? cluster.minNodes, gpu: gpu ?? null, network: network ?? null };
}
