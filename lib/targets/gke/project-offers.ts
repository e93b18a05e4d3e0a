import { usableClusters, type ProjectFindings } from "#lib/targets/gke/findings.ts";
import { nodeZonesOf } from "#lib/targets/gke/node-zones.ts";
import type { ProjectSettings } from "#lib/targets/gke/project-settings.ts";
import type { ProjectOffers } from "#lib/targets/gke/project-view.ts";
import { regionOf } from "#lib/targets/gke/region-of.ts";
import { neededApis, type Need } from "#lib/targets/gke/rights.ts";

/** Troubles in whose words nothing stands that only admins may know. */
const tellable = new Set(["unreachable", "location_unknown", "project_inactive", "billing_disabled"]);

/** Whether no deployment can be made without this API; the others are for static content and for figures. */
export function isAlwaysNeeded(api: string): boolean {
  return api in neededApis && !/^(storage|monitoring|logging)\.googleapis\.com$/.test(api);
}

/** Why nothing can be deployed in a project, or `null`. What only admins may know it says to admins alone. */
export function reasonAgainstProject(
  found: ProjectFindings | null,
  { admin }: { admin: boolean } = { admin: false },
): string | null {
  const reason = reasonForAll(found);
  if (!admin || !found || reason === null) return reason;
  return projectLack(found) ?? noWay;
}

const noWay = "No cluster can be made in this project, and none that is there can be used.";

function reasonForAll(found: ProjectFindings | null): string | null {
  if (!found) return "Not checked yet: the worker does it as soon as it runs.";
  if (found.trouble) {
    if (tellable.has(found.trouble.code)) return found.trouble.message;
    return "Google doesn't let Sluice into this project now. An admin sees on its page why.";
  }
  if (missingApis(found).length > 0)
    return "An API of Google's isn't enabled in this project. An admin sees on its page which.";
  if (missingProjectRights(found, "always").length > 0)
    return "Sluice lacks rights in this project. An admin sees on its page which.";
  if (ownClusterRefusal(found) !== null && usableClusters(found).length === 0)
    return `${noWay} An admin sees on its page why.`;
  return null;
}

/** What stops every deployment in a project that answered, in words for an admin; null: nothing. */
export function projectLack(found: ProjectFindings): string | null {
  if (found.trouble) return found.trouble.message;
  const apis = missingApis(found);
  if (apis.length > 0) return `Not enabled in the project: ${apis.join(", ")}.`;
  const denied = missingProjectRights(found, "always").length;
  return denied > 0 ? `Sluice lacks ${denied} ${denied === 1 ? "right" : "rights"} in the project.` : null;
}

/** APIs that aren't enabled, of those without which nothing can be deployed. */
export function missingApis({ apis }: Pick<ProjectFindings, "apis">): string[] {
  return apis
    .filter(({ name, enabled }) => enabled === false && isAlwaysNeeded(name))
    .map(({ title }) => title);
}

/** Permissions that are missing, of those for this. */
export function missingProjectRights({ rights }: Pick<ProjectFindings, "rights">, need: Need): string[] {
  return (rights ?? []).filter((right) => right.need === need).flatMap(({ denied }) => denied);
}

/** What a project can give a deployment, of what a check found. */
export function projectOffersOf(
  found: ProjectFindings,
  { project, location }: Pick<ProjectSettings, "project" | "location">,
): ProjectOffers {
  const zones = found.zones && nodeZonesOf(location, found.zones);
  const isInEach = (thing: { zones: string[] }) => (zones ?? []).every((zone) => thing.zones.includes(zone));
  return {
    project,
    region: regionOf(location),
    location,
    zones,
    machineTypes:
      found.machineTypes?.filter(isInEach).map(({ name, cpus, memoryMb }) => ({ name, cpus, memoryMb })) ??
      null,
    accelerators:
      found.accelerators?.filter(isInEach).map(({ name, title, most }) => ({ name, title, most })) ?? null,
    clusters: (found.clusters ?? []).map(({ status: _status, ...cluster }) => cluster),
    ownClusterRefusal: ownClusterRefusal(found),
    staticContentRefusal: staticContentRefusal(found),
  };
}

function ownClusterRefusal(found: ProjectFindings): string | null {
  const { nodeAccount, defaultAccount } = found;
  if (!nodeAccount)
    return "This target has no node service account, so no cluster can be made for a deployment. Choose one that is there already, or have an admin set the account on the target's page.";
  const isOut = (account: ProjectFindings["nodeAccount"]) =>
    account?.exists === false || account?.mayActAs === false;
  return isOut(nodeAccount) || isOut(defaultAccount)
    ? "Nodes of a cluster of its own couldn't be made: they act as a service account that is missing, or that Sluice may not use. An admin sees on the target's page which."
    : null;
}

function staticContentRefusal(found: ProjectFindings): string | null {
  const lack = staticContentLack(found);
  return lack && (isStorageOff(found) ? lack : `${lack} An admin sees on the target's page which.`);
}

/** Why no static files can be served, in words for whoever can see what is missing; null: they can. */
export function staticContentLack(found: ProjectFindings): string | null {
  if (isStorageOff(found))
    return "Cloud Storage isn't enabled in this project, so no static files can be served.";
  return missingProjectRights(found, "static content").length > 0
    ? "Sluice lacks the rights to make a bucket in this project, so no static files can be served."
    : null;
}

function isStorageOff(found: ProjectFindings): boolean {
  return found.apis.some(({ name, enabled }) => name === "storage.googleapis.com" && enabled === false);
}
