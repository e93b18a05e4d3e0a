import type { OwnCluster } from "#lib/targets/gke/settings.ts";

type Bounds = Pick<OwnCluster, "minNodes">;

/**
 * With how many nodes an own cluster's pool begins in each of its zones. Google takes one number for all of them, and a
 * pool's bounds are of the whole, so that more may begin than the minimum; the autoscaler takes those away that stand idle.
 */
export function firstNodesOfZone({ minNodes }: Bounds, zones: readonly string[]): number {
  return Math.ceil(minNodes / zones.length);
}

/** With how many nodes it begins in all. */
export function firstNodes(pool: Bounds, zones: readonly string[]): number {
  return firstNodesOfZone(pool, zones) * zones.length;
}
