import type { ClusterAccess } from "#lib/targets/kubernetes/parse-kubeconfig.ts";

/** A token of a short life: another one is had when it is over, or was refused. */
export type RenewedToken = {
  kind: "renewed";
  /** one that is good now */
  token(signal?: AbortSignal): Promise<string>;
  /** forgets one that was refused */
  drop(token: string): void;
};

/** What of a kubeconfig a connection needs, or what Google says of a cluster. */
export type Access = Pick<ClusterAccess, "server" | "tlsServerName" | "certificateAuthority"> & {
  credentials: ClusterAccess["credentials"] | RenewedToken;
};

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
