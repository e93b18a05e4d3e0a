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
  /** 4: connections are passed on as they come; 7: HTTP */
  layer: 4 | 7;
  endpoint: BalancedEndpoint | null;
  /** map file: SHA-256 of a key → its label */
  keyMap: string;
  routes: { rules: Rule[]; weights: { variant: string; weight: number }[]; affinity: Affinity } | null;
  pools: BalancedPool[];
};

export type BalancedEndpoint = {
  port: number;
  access: "private" | "open";
  /** file with the certificates and the key: then it speaks HTTPS */
  certificate: string | null;
  /** a port that answers HTTP with the HTTPS address */
  redirectFrom: number | null;
};

export type BalancedPool = {
  variant: string;
  algorithm: Algorithm;
  affinity: Affinity;
  healthPath: string;
  servers: BalancedServer[];
};

export type BalancedServer = { ordinal: number; socket: string; maxConnections: number };
