/**
 * Where nodes of a cluster of its own are: a zone's there, a region's in its first three zones, which is what GKE itself
 * chooses where nobody says.
 *
 * @param zones of the region; null: nobody could look
 */
export function nodeZonesOf(location: string, zones: readonly string[] | null): string[] {
  if (!zones) return [];
  return zones.includes(location) ? [location] : zones.slice(0, 3);
}
