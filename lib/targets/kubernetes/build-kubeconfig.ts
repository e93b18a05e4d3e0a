import { createHash } from "node:crypto";
import { stringify } from "yaml";
import type { ClusterAccess } from "#lib/targets/kubernetes/parse-kubeconfig.ts";

type Known = Pick<ClusterAccess, "server" | "tlsServerName" | "certificateAuthority">;

/** A kubeconfig with one context, of what was understood alone: only this is kept, and given to the engine. */
export function buildKubeconfig(access: ClusterAccess): string {
  const { credentials } = access;
  const name = "sluice";
  const cluster = {
    server: access.server,
    ...(access.tlsServerName ? { "tls-server-name": access.tlsServerName } : {}),
    ...(access.certificateAuthority
      ? { "certificate-authority-data": base64(access.certificateAuthority) }
      : {}),
  };
  const user =
    credentials.kind === "token"
      ? { token: credentials.token }
      : {
          "client-certificate-data": base64(credentials.certificate),
          "client-key-data": base64(credentials.key),
        };
  return stringify(
    {
      apiVersion: "v1",
      kind: "Config",
      "current-context": name,
      contexts: [{ name, context: { cluster: name, user: name } }],
      clusters: [{ name, cluster }],
      users: [{ name, user }],
    },
    { lineWidth: 0 },
  );
}

/**
 * What a cluster is known by before anybody has asked it: its address and the authority that vouches for it. The same
 * for every kubeconfig that leads there, whoever asks.
 */
export function clusterIdentifierOf({ server, certificateAuthority }: Known): string {
  const text = JSON.stringify([server, certificateAuthority]);
  return `cluster-${createHash("sha256").update(text).digest("hex").slice(0, 32)}`;
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
