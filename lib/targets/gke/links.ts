// What one resource calls another. Each is known before anything is there, so that a plan needs no outputs.

/** `kind` is the API's own plural, such as `urlMaps`. */
export function globalLink(project: string, kind: string, name: string): string {
  return `projects/${project}/global/${kind}/${name}`;
}

export function regionalLink(project: string, region: string, kind: string, name: string): string {
  return `projects/${project}/regions/${region}/${kind}/${name}`;
}

/**
 * A group of pods' addresses in a zone. Backend.group: "You must use the fully-qualified URL (starting with
 * https://www.googleapis.com/) … Partial URLs are not supported" (Compute's Discovery document).
 */
export function groupLink(project: string, zone: string, name: string): string {
  return `https://www.googleapis.com/compute/v1/projects/${project}/zones/${zone}/networkEndpointGroups/${name}`;
}

/** A link without the host and the version of the API that Google puts before it; any other text as it is. */
export function partialLink(text: string): string {
  return text.replace(/^https?:\/\/\S+?\/(?=projects\/)/, "");
}
