/** The region of a zone; a region is its own. */
export function regionOf(location: string): string {
  return location.replace(/-[a-z]$/, "");
}
