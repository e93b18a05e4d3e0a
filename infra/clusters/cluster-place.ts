import * as z from "zod";
import { clusterLink } from "#infra/targets/gke/cluster-access.ts";
import { googleSpec } from "#lib/deployments/google-spec.ts";

/** One cluster: a registered one, or one of those in a registered Google project. */
export type ClusterPlace = {
  /** the same for all deployments there, and for no others */
  key: string;
  targetId: string;
  /** `projects/P/locations/L/clusters/C`; null: the target is the cluster */
  link: string | null;
  /** the deployment that has it to itself; null: there may be others */
  onlyFor: string | null;
};

/** What rows say of where a deployment is; `google` and `project` for the kind gke alone. */
export type Placed = { id: string; targetId: string; project: string | null; google: unknown };

const { location, cluster } = googleSpec.shape;
const where = z.object({ location, cluster });

/** @returns null for a stored spec that doesn't say which cluster it is */
export function placeOf({ id, targetId, project, google }: Placed): ClusterPlace | null {
  if (project === null) return { key: targetId, targetId, link: null, onlyFor: null };
  const said = where.safeParse(google);
  if (!said.success) return null;
  const link = clusterLink(id, { project, ...said.data });
  const onlyFor = said.data.cluster.mode === "own" ? id : null;
  return { key: `${targetId}/${link}`, targetId, link, onlyFor };
}
