import * as z from "zod";

/** Why a project can't be used as it is; stable. The first ones say that it can't be asked at all. */
export const projectTroubles = [
  "unreachable",
  "not_understood",
  "credentials",
  "unsealable",
  "key_refused",
  "clock_skew",
  "account_gone",
  "account_disabled",
  "sign_in_over",
  "no_metadata",
  "token_refused",
  "scope_too_narrow",
  "project_unknown",
  "project_inactive",
  "billing_disabled",
  "location_unknown",
  // What is missing in a project that answered.
  "api_disabled",
  "right_missing",
  "quota_short",
  "node_account_missing",
  "node_account_denied",
] as const;
export type ProjectTrouble = (typeof projectTroubles)[number];

const trouble = z.object({
  code: z.enum(projectTroubles),
  /** a sentence about what is so */
  message: z.string(),
  /** a sentence about what to do */
  todo: z.string(),
  /** a page of Google's console where it is done */
  link: z.string().nullable(),
});

/** Why an existing cluster can't have a deployment; stable. */
export const clusterProblems = [
  "not_running",
  "owned",
  "elsewhere",
  "not_vpc_native",
  "no_load_balancing",
  "autopilot",
  "foreign_network",
  "private_endpoint",
  "authorized_networks",
  "unreachable",
] as const;
export type ClusterProblemCode = (typeof clusterProblems)[number];

const clusterProblem = z.object({ code: z.enum(clusterProblems), message: z.string(), todo: z.string() });
export type ClusterProblem = z.infer<typeof clusterProblem>;

/** A cluster that is there already: usable where it has no problem. */
export const clusterFound = z.object({
  name: z.string(),
  /** a zone, or a region */
  location: z.string(),
  status: z.string(),
  version: z.string().nullable(),
  /** where its nodes are */
  zones: z.array(z.string()),
  /** its network's partial link */
  network: z.string().nullable(),
  /** addresses of its pods, in CIDR notation */
  podsRange: z.string().nullable(),
  /** the same of those pools that have a range of their own; findings of before don't say it */
  morePodsRanges: z.array(z.string()).default([]),
  problems: z.array(clusterProblem),
});
export type ClusterFound = z.infer<typeof clusterFound>;

/** Null where it may not be looked at. */
const account = z.object({
  email: z.string(),
  exists: z.boolean().nullable(),
  /** whether machines may be run as it */
  mayActAs: z.boolean().nullable(),
});
export type AccountFound = z.infer<typeof account>;

/** What a check found of a Google project: exactly what is stored in `target.findings`. */
export const projectFindings = z.object({
  /** null: it answered, and knows who asks */
  trouble: trouble.nullable(),
  /** what is missing in a project that answered; empty: all is well */
  gaps: z.array(trouble),
  /** the account that asks */
  identity: z.string().nullable(),
  project: z.object({ id: z.string(), number: z.string(), name: z.string() }).nullable(),
  region: z.string().nullable(),
  /** `enabled` null: it can't be seen */
  apis: z.array(
    z.object({ name: z.string(), title: z.string(), enabled: z.boolean().nullable(), link: z.string() }),
  ),
  /** null: Google doesn't say */
  rights: z
    .array(
      z.object({
        role: z.string(),
        title: z.string(),
        need: z.enum(["always", "static content", "figures", "sweep"]),
        why: z.string(),
        /** permissions that the account lacks */
        denied: z.array(z.string()),
      }),
    )
    .nullable(),
  /** of what a deployment takes; `asked`: by the form as it is at first. Null: may not be read */
  quotas: z
    .array(
      z.object({
        metric: z.string(),
        region: z.string().nullable(),
        limit: z.number(),
        used: z.number(),
        asked: z.number(),
      }),
    )
    .nullable(),
  /** of the region's zones; null: may not be read */
  zones: z.array(z.string()).nullable(),
  machineTypes: z
    .array(z.object({ name: z.string(), cpus: z.number(), memoryMb: z.number(), zones: z.array(z.string()) }))
    .nullable(),
  accelerators: z
    .array(
      z.object({
        name: z.string(),
        title: z.string(),
        /** the most that one node can have */
        most: z.number(),
        zones: z.array(z.string()),
      }),
    )
    .nullable(),
  clusters: z.array(clusterFound).nullable(),
  /** whom own clusters' nodes act as; null: none is set */
  nodeAccount: account.nullable(),
  /** whom the only node of a new cluster's first pool acts as, for a minute */
  defaultAccount: account.nullable(),
});

export type ProjectFindings = z.infer<typeof projectFindings>;
export type Trouble = z.infer<typeof trouble>;
export type QuotaFound = NonNullable<ProjectFindings["quotas"]>[number];

/** Findings of a project that can't be asked. */
export function nothingFound(why: Trouble, identity: string | null = null): ProjectFindings {
  return {
    trouble: why,
    gaps: [],
    identity,
    project: null,
    region: null,
    apis: [],
    rights: null,
    quotas: null,
    zones: null,
    machineTypes: null,
    accelerators: null,
    clusters: null,
    nodeAccount: null,
    defaultAccount: null,
  };
}

/** The clusters that a deployment can be put into. */
export function usableClusters({ clusters }: ProjectFindings): ClusterFound[] {
  return (clusters ?? []).filter(({ problems }) => problems.length === 0);
}
