/** Names in HAProxy's configuration. An id has no dot and a variant's name has none, so they can be read back. */
export function backendName(deploymentId: string, variant: string): string {
  return `${deploymentId}.${variant}`;
}

export function serverName(ordinal: number): string {
  return `r${ordinal}`;
}

/** What a line of the request log says of who answered. */
export function readNames(backend: string, server: string): { variant: string; ordinal: number | null } {
  const at = backend.indexOf(".");
  const ordinal = /^r(\d+)$/.exec(server)?.[1];
  return { variant: at < 0 ? "" : backend.slice(at + 1), ordinal: ordinal ? Number(ordinal) : null };
}
