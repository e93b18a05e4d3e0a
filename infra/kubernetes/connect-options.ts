import type { ClusterAccess } from "#lib/targets/kubernetes/parse-kubeconfig.ts";

/** What of a kubeconfig a connection needs. */
export type Access = Pick<ClusterAccess, "server" | "tlsServerName" | "certificateAuthority" | "credentials">;

/** How the API server is known, and who asks by a certificate. */
export function tlsOptions({ certificateAuthority, tlsServerName, credentials }: Access) {
  return {
    // Said, or NODE_TLS_REJECT_UNAUTHORIZED of whoever started this would have a say in whom it talks to.
    rejectUnauthorized: true,
    ...(certificateAuthority && { ca: certificateAuthority }),
    ...(tlsServerName && { servername: tlsServerName }),
    ...(credentials.kind === "certificate" && { cert: credentials.certificate, key: credentials.key }),
  };
}

/** Who asks by a token. */
export function credentialHeaders({ credentials }: Access): Record<string, string> {
  return credentials.kind === "token" ? { authorization: `Bearer ${credentials.token}` } : {};
}
