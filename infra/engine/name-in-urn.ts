/** The name that a resource was declared with: the last part of the engine's name for it. */
export function nameInUrn(urn: string): string {
  return urn.split("::").at(-1) ?? "";
}
