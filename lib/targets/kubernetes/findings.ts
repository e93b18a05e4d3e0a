import * as z from "zod";

/** Why a cluster can't be used; stable. */
export const troubleCodes = [
  "dns",
  "refused",
  "unreachable",
  "timeout",
  "tls",
  "unauthorized",
  "not_kubernetes",
  "not_understood",
  "other_cluster",
  "expired",
  "unsealable",
] as const;
export type TroubleCode = (typeof troubleCodes)[number];

const amount = z.object({ total: z.number(), free: z.number().nullable() });

/** One node and what fits on it: `free` is what no pod has asked for, `null` where the pods can't be read. */
export const nodeFound = z.object({
  name: z.string(),
  ready: z.boolean(),
  /** why it takes no pods of ours though it is ready: it is cordoned or tainted */
  closed: z.string().nullable(),
  architecture: z.string().nullable(),
  cpuMillis: amount,
  memoryBytes: amount,
  gpus: amount,
});

/** What a check found of a cluster: exactly what is stored in `target.findings`. */
export const findings = z.object({
  /** null: it answered, and knows who asks */
  trouble: z.object({ code: z.enum(troubleCodes), message: z.string(), todo: z.string() }).nullable(),
  version: z.string().nullable(),
  rights: z.array(
    z.object({
      group: z.string(),
      resource: z.string(),
      need: z.enum(["always", "gateway"]),
      allowed: z.array(z.string()),
      denied: z.array(z.string()),
    }),
  ),
  /** `unknown`: may not be read */
  gatewayApi: z.enum(["there", "absent", "unknown"]),
  gatewayClasses: z.array(
    z.object({
      name: z.string(),
      controller: z.string(),
      /** null: its controller has said nothing yet */
      accepted: z.boolean().nullable(),
      message: z.string().nullable(),
    }),
  ),
  /** `silent`: installed, but it doesn't answer */
  metricsApi: z.enum(["there", "silent", "absent", "unknown"]),
  /** whether some Service of type LoadBalancer has an address: nothing else tells */
  loadBalancers: z.enum(["seen", "unknown"]),
  /** null: may not be read */
  nodes: z.array(nodeFound).nullable(),
});

export type Findings = z.infer<typeof findings>;
export type NodeFound = z.infer<typeof nodeFound>;
export type Trouble = NonNullable<Findings["trouble"]>;

/** Findings of a cluster that can't be asked. */
export function nothingFound(trouble: Trouble): Findings {
  return {
    trouble,
    version: null,
    rights: [],
    gatewayApi: "unknown",
    gatewayClasses: [],
    metricsApi: "unknown",
    loadBalancers: "unknown",
    nodes: null,
  };
}

/** Rights that are missing, of those for this. */
export function missingRights(found: Findings, need: "always" | "gateway"): string[] {
  return found.rights
    .filter((right) => right.need === need)
    .flatMap(({ resource, denied }) => denied.map((verb) => `${verb} ${resource}`));
}

/** Names of the Gateway classes that can be chosen: accepted by their controller, and Sluice may use them. */
export function usableGatewayClasses(found: Findings): string[] {
  if (missingRights(found, "gateway").length > 0) return [];
  return found.gatewayClasses.filter(({ accepted }) => accepted === true).map(({ name }) => name);
}

/** The nodes that take pods of ours. */
export function openNodes(found: Findings): NodeFound[] {
  return (found.nodes ?? []).filter((node) => node.ready && node.closed === null);
}
