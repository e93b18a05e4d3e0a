import * as z from "zod";
import type { GoogleApi } from "#infra/google/api-client.ts";
import type { AccessToken, TokenSource } from "#infra/google/mint-token.ts";
import { systemClock, type Clock } from "#lib/clock.ts";
import { mainName } from "#lib/targets/gke/names.ts";
import type { GkeSettings } from "#lib/targets/gke/settings.ts";
import type { ClusterAccess } from "#lib/targets/kubernetes/parse-kubeconfig.ts";

/** Where a cluster's API server is, and who vouches for it (PEM). */
export type ControlPlane = { server: string; certificateAuthority: string };

/** A cluster of the deployment's own has its name from it. */
type WhichCluster = { mode: "own" } | { mode: "existing"; name: string };

/** What a cluster is at Google's, whether it is there or not: `projects/P/locations/L/clusters/C`. */
export function clusterLink(
  deploymentId: string,
  { project, location, cluster }: Pick<GkeSettings, "project" | "location"> & { cluster: WhichCluster },
): string {
  const name = cluster.mode === "own" ? mainName(deploymentId) : cluster.name;
  return `projects/${project}/locations/${location}/clusters/${name}`;
}

const clusterAnswer = z.looseObject({
  endpoint: z.string().nullish(),
  masterAuth: z.looseObject({ clusterCaCertificate: z.string().nullish() }).nullish(),
});

/** Asks Google where a cluster is. @returns null if there is none, or it has no address yet */
export async function readControlPlane(
  api: Pick<GoogleApi, "find">,
  link: string,
  signal?: AbortSignal,
): Promise<ControlPlane | null> {
  const found = await api.find({ service: "container", path: link, signal });
  if (found === null) return null;
  const { endpoint, masterAuth } = clusterAnswer.parse(found);
  return controlPlaneOf(endpoint, masterAuth?.clusterCaCertificate);
}

/**
 * @param endpoint an address, as Google gives it
 * @param encoded base64 of the authority's PEM
 */
export function controlPlaneOf(
  endpoint: string | null | undefined,
  encoded: string | null | undefined,
): ControlPlane | null {
  if (!endpoint || !encoded) return null;
  return {
    server: `https://${endpoint}`,
    certificateAuthority: Buffer.from(encoded, "base64").toString("utf8"),
  };
}

/** Who asks a cluster, and until when. */
export function accessOf(plane: ControlPlane, { value, expires }: AccessToken): ClusterAccess {
  return {
    contextName: "gke",
    ...plane,
    tlsServerName: null,
    credentials: { kind: "token", token: value },
    expiresAt: expires,
  };
}

/** Pods may take this long to get ready, and the plugin can't renew the token that it is given. */
const lifeMs = 50 * 60_000;

/** A token that lives for nearly an hour, or for as long as Google gives one. */
export async function longToken(tokens: TokenSource, clock: Clock = systemClock): Promise<AccessToken> {
  const held = await tokens.token();
  if (held.expires.getTime() - clock.now().getTime() >= lifeMs) return held;
  tokens.drop(held.value);
  return tokens.token();
}
