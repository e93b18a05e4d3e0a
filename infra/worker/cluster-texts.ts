import { parseKubeconfig } from "#lib/targets/kubernetes/parse-kubeconfig.ts";

/**
 * What of a kubeconfig must stand in no event and no message: where the cluster is, which only admins may know, and
 * what opens it. Nothing for one that can't be used, since then nobody was asked who could name the cluster.
 */
export function clusterTexts(kubeconfig: string): string[] {
  try {
    // One that is over since yesterday still names its cluster.
    const { server, credentials } = parseKubeconfig(kubeconfig, { now: new Date(0) });
    const own = credentials.kind === "token" ? credentials.token : credentials.key;
    const { host, hostname } = new URL(server);
    // What resolves a name or reads a certificate says it without the port.
    return [server, host, hostname, own];
  } catch {
    return [];
  }
}
