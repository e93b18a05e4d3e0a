/** Cookies are per host, not per port: the deployment is in the name, so that two of them don't mix. */
export function affinityCookieName(deploymentId: string): string {
  return `sluice-${deploymentId.replace(/^dep-/, "")}`;
}

/** The cookie names the replica and thereby its variant. */
export function affinityCookieValue(variant: string, ordinal: number): string {
  return `${variant}.${ordinal}`;
}
