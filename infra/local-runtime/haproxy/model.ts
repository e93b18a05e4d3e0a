import type { Affinity, Algorithm, Rule } from "#lib/deployments/spec.ts";

/** What the load balancer's configuration is written from. */
export type BalancerModel = {
  bind: string;
  adminSocket: string;
  /** which of the two request logs is written: its file descriptor */
  logFd: 3 | 4;
  /** seconds that an old worker may go on with what it has */
  hardStopAfter: number;
  deployments: BalancedDeployment[];
};

export type BalancedDeployment = {
  id: string;
  endpoint: { port: number; access: "private" | "open" } | null;
  /** map file: SHA-256 of a key → its label */
  keyMap: string;
  routes: { rules: Rule[]; weights: { variant: string; weight: number }[]; affinity: Affinity } | null;
  pools: BalancedPool[];
};

export type BalancedPool = {
  variant: string;
  algorithm: Algorithm;
  affinity: Affinity;
  healthPath: string;
  servers: BalancedServer[];
};

export type BalancedServer = { ordinal: number; socket: string; maxConnections: number };
