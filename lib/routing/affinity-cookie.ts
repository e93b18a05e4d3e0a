/** Cookies are per host, not per port: the deployment is in the name, so that two of them don't mix. */
export function affinityCookieName(deploymentId: string): string {
  return `sluice-${deploymentId.replace(/^dep-/, "")}`;
}

/**
 * Where replicas are found by DNS, each HAProxy numbers them in its own way, so the value can't name one: it is a
 * hash of the replica's address, and the variant is in the cookie's name.
 */
export function variantCookieName(deploymentId: string, variant: string): string {
  return `${affinityCookieName(deploymentId)}-${variant}`;
}

/** The cookie names the replica and thereby its variant. */
export function affinityCookieValue(variant: string, ordinal: number): string {
  return `${variant}.${ordinal}`;
}
