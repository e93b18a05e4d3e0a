import { existingKey, newGoogle, type GoogleState } from "#components/form/google-state.ts";
import type { ProjectOffers } from "#lib/targets/gke/project-view.ts";
import type { Place } from "#lib/targets/place.ts";

/** The section Google Cloud in another project: what that one hasn't becomes what it has, and says why. */
export function movedGoogle(google: GoogleState, { kind, name, project }: Place): GoogleState {
  // Elsewhere the section isn't shown, so what was chosen waits for the next project.
  if (kind !== "gke" || project === null) return google;
  const { mode, says } = modeIn(google, project);
  const machineType = machineIn(google, project);
  const kept = usable(project).some((one) => existingKey(one) === google.existing) ? google.existing : "";
  const hasGpu = google.gpuType === "" || isOffered(project.accelerators, google.gpuType);
  return {
    ...google,
    mode,
    machineType,
    existing: kept || onlyExisting(project),
    gpuType: hasGpu ? google.gpuType : "",
    moved: {
      ...(mode !== google.mode && { mode: { to: mode, says } }),
      ...(machineType !== google.machineType && {
        machineType: { to: machineType, says: `${name} has no ${google.machineType} in its zones.` },
      }),
      ...(!hasGpu && { gpuType: { to: "", says: `${name} has no ${google.gpuType} in its zones.` } }),
    },
  };
}

/** Where there is nothing to choose it is chosen. */
export function onlyExisting(project: ProjectOffers | null): string {
  const [only, ...others] = project ? usable(project) : [];
  return only && others.length === 0 ? existingKey(only) : "";
}

function usable({ clusters }: ProjectOffers) {
  return clusters.filter(({ problems }) => problems.length === 0);
}

function modeIn(google: GoogleState, project: ProjectOffers): { mode: GoogleState["mode"]; says: string } {
  const { ownClusterRefusal } = project;
  const hasExisting = usable(project).length > 0;
  if (google.mode === "own" && ownClusterRefusal !== null && hasExisting) {
    return { mode: "existing", says: "No cluster of its own can be made there." };
  }
  if (google.mode === "existing" && ownClusterRefusal === null && !hasExisting) {
    return { mode: "own", says: "No cluster that is there could be used." };
  }
  return { mode: google.mode, says: "" };
}

function machineIn({ machineType }: GoogleState, { machineTypes }: ProjectOffers): string {
  if (isOffered(machineTypes, machineType)) return machineType;
  if (isOffered(machineTypes, newGoogle.machineType)) return newGoogle.machineType;
  return machineTypes?.[0]?.name ?? machineType;
}

/** What nobody could look at is offered as far as is known. */
function isOffered(offered: readonly { name: string }[] | null, name: string): boolean {
  return offered === null || offered.some((one) => one.name === name);
}
