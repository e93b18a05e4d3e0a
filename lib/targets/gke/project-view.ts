import type { ClusterFound, ProjectFindings } from "#lib/targets/gke/findings.ts";
import type { ProjectSettings } from "#lib/targets/gke/project-settings.ts";

/** What a registered Google project can give a deployment: everybody may know. Null where nobody could look. */
export type ProjectOffers = {
  project: string;
  region: string;
  /** a region, or a zone */
  location: string;
  /** where nodes of an own cluster are: the location itself, or the region's first three */
  zones: string[] | null;
  /** those that each of `zones` has */
  machineTypes: { name: string; cpus: number; memoryMb: number }[] | null;
  accelerators: { name: string; title: string; most: number }[] | null;
  /** clusters that are there already; one with problems can't be chosen, for these reasons */
  clusters: Pick<
    ClusterFound,
    "name" | "location" | "version" | "zones" | "network" | "podsRange" | "morePodsRanges" | "problems"
  >[];
  /** why no cluster can be made for a deployment, or null */
  ownClusterRefusal: string | null;
  /** why no static files can be served, or null */
  staticContentRefusal: string | null;
};

/** What only admins see of a registered Google project. */
export type ProjectDetail = {
  settings: ProjectSettings;
  /** live deployments there */
  deployments: number;
  findings: ProjectFindings | null;
};

export type ProjectView = {
  id: string;
  /** what the last check found of it */
  state: "unchecked" | "ready" | "trouble";
  /** why it is in trouble, for a person */
  trouble: string | null;
  /** a check is asked for or under way */
  checking: boolean;
  /** null before the first check, and where the project can't be asked */
  offers: ProjectOffers | null;
  /** where the built-in models' images are pulled from; null: they don't run there */
  imagePrefix: string | null;
  /** null for who isn't an admin */
  detail: ProjectDetail | null;
};
