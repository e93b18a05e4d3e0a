import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { OwnCluster } from "#lib/targets/gke/settings.ts";

// Each name follows from the deployment, so that a thing of ours is found again by it. Google takes 63 characters
// (40 for clusters and pools): lower-case letters, digits and hyphens.

/** The network, the subnet, the cluster, the address: one each, of different kinds. */
export function mainName(deploymentId: string): string {
  return `sluice-${deploymentId}`;
}

/** What a deployment has of a kind beside others: `http`, `redirect` and the like. */
export function partName(deploymentId: string, part: string): string {
  return `${mainName(deploymentId)}-${part}`;
}

/**
 * A variant's backend service and health check, and the group of its pods' addresses (NEG); for null HAProxy's. A
 * variant is in it with a word of its own before, so that none is taken for something else.
 */
export function backendName(deploymentId: string, variant: string | null): string {
  return partName(deploymentId, variant === null ? "proxy" : `variant-${variant}`);
}

/** Another machine, GPU or account makes another pool: the new one comes first, under a name of its own. */
export function poolName(cluster: OwnCluster, nodeServiceAccount: string): string {
  const { machineType, spot, gpu } = cluster;
  return `pool-${hashOf([machineType, spot, gpu, nodeServiceAccount])}`;
}

/**
 * Other ports make another firewall: the new one comes first and the old one goes last, so that what is about to leave
 * is reached for as long as requests are sent to it.
 */
export function firewallName(deploymentId: string, ports: readonly string[]): string {
  return partName(deploymentId, `ports-${hashOf(ports)}`);
}

/** A certificate can't be changed: another content is another one, under a name of its own. */
export function certificateName(deploymentId: string, content: unknown): string {
  return partName(deploymentId, `cert-${hashOf(content)}`);
}

/** A bucket's name is one in the whole world. */
export function staticBucketName(deploymentId: string): string {
  return partName(deploymentId, "static");
}

export function hashOf(value: unknown): string {
  return bytesToHex(sha256(utf8ToBytes(JSON.stringify(value)))).slice(0, 8);
}
