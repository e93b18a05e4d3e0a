import * as z from "zod";
import { failureCodes } from "#lib/deployments/status.ts";
import { affinityInput, algorithms, metrics, modelInput, ruleInput } from "#lib/deployments/spec.ts";

/**
 * What is said on the local runtime's unix socket (HTTP, JSON). Every command carries the fence of the
 * operation that sends it in the header `sluice-fence`; one older than the newest seen for the deployment is
 * refused with 409 `stale_fence`. Every command is idempotent: a second PUT of the same thing adopts it.
 *
 *   GET    /health                                          → RuntimeHealth
 *   PUT    /deployments/:id/endpoint            EndpointCommand    → EndpointState
 *   PUT    /deployments/:id/model-servers/:variant ModelServerCommand → ModelServerState, when minReplicas processes run
 *   PUT    /deployments/:id/pools/:variant      PoolCommand        → PoolState, when minReplicas are healthy in the load balancer
 *   PUT    /deployments/:id/routes              RoutesCommand      → RoutesState, when traffic flows
 *   DELETE of each of these: drains first; answers when the thing is gone; 204 also where there was nothing
 *   GET    /deployments/:id                                 → Inventory: what exists of it
 *   DELETE /deployments/:id                                 → sweeps whatever is left, → Inventory
 * A failure is 4xx/5xx with RuntimeFailure. A client that hangs up while it waits cancels the wait.
 */

export const endpointCommand = z.strictObject({
  port: z.int().nullable(),
  access: z.enum(["private", "open"]),
  layer: z.literal([4, 7]).optional(),
  /** The key by id: the runtime unseals it from the portal's database itself. */
  tls: z.strictObject({ certificate: z.string(), keyId: z.string() }).nullish(),
  redirectFrom: z.int().nullish(),
});
export type EndpointCommand = z.infer<typeof endpointCommand>;
export type EndpointState = {
  url: string;
  ip: string;
  port: number;
  access: "private" | "open";
  /** PEM, where it speaks HTTPS */
  certificate?: string;
};

export const modelServerCommand = z.strictObject({
  model: modelInput,
  healthPath: z.string(),
  scaling: z.strictObject({
    minReplicas: z.int().min(1),
    maxReplicas: z.int().min(1),
    metric: z.enum(metrics),
    targetInFlight: z.number().positive(),
  }),
  /** Secrets by id: the runtime unseals them from the portal's database itself. */
  env: z.array(
    z.union([
      z.strictObject({ name: z.string(), value: z.string() }),
      z.strictObject({ name: z.string(), secretId: z.string() }),
    ]),
  ),
});
export type ModelServerCommand = z.infer<typeof modelServerCommand>;
export type ModelServerState = { replicas: { id: string; pid: number }[] };

export const poolCommand = z.strictObject({
  algorithm: z.enum(algorithms),
  affinity: affinityInput,
  healthPath: z.string(),
});
export type PoolCommand = z.infer<typeof poolCommand>;
export type PoolState = { healthy: number };

export const routesCommand = z.strictObject({
  rules: z.array(ruleInput),
  weights: z.array(z.strictObject({ variant: z.string(), weight: z.int().min(0).max(100) })),
  affinity: affinityInput,
});
export type RoutesCommand = z.infer<typeof routesCommand>;
export type RoutesState = { rules: number };

/** What exists of a deployment on this machine, read from the process table, the ports and the disk. */
export type Inventory = {
  processes: { pid: number; what: string }[];
  ports: { port: number; what: string }[];
  files: string[];
};

export type RuntimeHealth = {
  ok: true;
  pid: number;
  haproxy: { available: boolean; version: string | null; reason: string | null };
};

export const runtimeFailure = z.object({
  code: z.enum(failureCodes),
  message: z.string(),
  /** the last lines of the replica's own log, where they explain it */
  logLines: z.array(z.string()).default([]),
});
export type RuntimeFailure = z.infer<typeof runtimeFailure>;

export const fenceHeader = "sluice-fence";
