import type { Context } from "#lib/context.ts";
import type { TargetName } from "#lib/deployments/spec.ts";
import {
  findings as findingsSchema,
  missingRights,
  openNodes,
  usableGatewayClasses,
  type Findings,
} from "#lib/targets/kubernetes/findings.ts";
import { refuseOldVersion } from "#lib/targets/kubernetes/refuse-old-version.ts";
import type { ProjectView } from "#lib/targets/gke/project-view.ts";
import { viewProject } from "#lib/targets/gke/view-project.ts";
import { targetSettings, type TargetSettings } from "#lib/targets/target-input.ts";
import { findTarget, type Target as BuiltIn } from "#lib/targets/targets.ts";
import type { Target } from "#prisma/generated/client.ts";

/** What a registered cluster can give a deployment: everybody may know. */
export type ClusterOffers = {
  version: string | null;
  /** nodes that take pods; null where they may not be read */
  nodes: number | null;
  /** the most that one pod can ask for now, on the node where most is free; null where it isn't known */
  largestPod: { cpuMillis: number; memoryBytes: number; gpus: number } | null;
  /** Gateway classes that can be chosen */
  gatewayClasses: string[];
  /** replicas can follow processor use: the cluster has a metrics API */
  autoscaling: boolean;
  /** a Service of type LoadBalancer got an address there before; otherwise nobody knows */
  loadBalancers: boolean;
  publicHost: string | null;
  /** where the built-in models' images are pulled from; null: they don't run there */
  imagePrefix: string | null;
};

/** What only admins see of a registered cluster. */
export type ClusterDetail = {
  server: string;
  contextName: string;
  settings: TargetSettings;
  credentialsExpireAt: string | null;
  /** live deployments there */
  deployments: number;
  findings: Findings | null;
};

export type ClusterView = {
  id: string;
  /** what the last check found of it */
  state: "unchecked" | "ready" | "trouble";
  /** why it is in trouble, for a person */
  trouble: string | null;
  /** a check is asked for or under way */
  checking: boolean;
  /** null before the first check, and where the cluster can't be asked */
  offers: ClusterOffers | null;
  /** null for who isn't an admin */
  detail: ClusterDetail | null;
};

export type TargetView = Omit<BuiltIn, "name"> & {
  name: string;
  kind: TargetName;
  available: boolean;
  /** why it isn't available, for a person */
  reason: string | null;
  checkedAt: string | null;
  /** null for what isn't a registered cluster */
  cluster: ClusterView | null;
  /** null for what isn't a registered Google project */
  project: ProjectView | null;
};

/** Rows of registered targets as this actor may see them. */
export async function loadTargetViews(ctx: Context, rows: Target[]): Promise<TargetView[]> {
  const ids = rows.map((row) => row.id);
  const [jobs, deployments] = await Promise.all([
    ctx.db.job.findMany({
      where: { kind: "target.check", subjectId: { in: ids }, status: { in: ["queued", "running"] } },
      select: { subjectId: true, startedAt: true },
    }),
    ctx.db.deployment.groupBy({
      by: ["targetId"],
      where: { targetId: { in: ids }, status: { not: "destroyed" } },
      _count: true,
    }),
  ]);
  // One that has written down what it found is done, though its own row may say so a moment later.
  const isBeingChecked = (row: Target) =>
    jobs.some(
      (job) =>
        job.subjectId === row.id && !(job.startedAt && row.checkedAt && row.checkedAt >= job.startedAt),
    );
  const live = new Map(deployments.map((group) => [group.targetId, group._count]));
  const admin = ctx.actor.type === "system" || (ctx.actor.type === "user" && ctx.actor.role === "admin");
  return rows.map((row) => {
    const seen = { admin, checking: isBeingChecked(row), live: live.get(row.id) ?? 0 };
    return row.kind === "gke" ? viewProject(row, seen) : viewCluster(row, seen);
  });
}

function viewCluster(row: Target, seen: { admin: boolean; checking: boolean; live: number }): TargetView {
  const kind = findTarget("kubernetes");
  const settings = targetSettings.parse(row.settings);
  const found = row.findings === null ? null : findingsSchema.parse(row.findings);
  const trouble = reasonAgainst(found);
  const reason = kind.refusal ?? trouble;
  return {
    name: row.name,
    kind: "kubernetes",
    title: row.name,
    does: "Replicas are pods in a namespace of their own on this cluster.",
    refusal: kind.refusal,
    imageRefusal: kind.imageRefusal,
    available: reason === null,
    reason,
    checkedAt: row.checkedAt?.toISOString() ?? null,
    cluster: {
      id: row.id,
      state: !found ? "unchecked" : trouble ? "trouble" : "ready",
      trouble: found ? trouble : null,
      checking: seen.checking,
      offers: found && found.trouble === null ? offersOf(found, settings) : null,
      detail: seen.admin
        ? {
            server: row.server!,
            contextName: row.contextName!,
            settings,
            credentialsExpireAt: row.credentialsExpireAt?.toISOString() ?? null,
            deployments: seen.live,
            findings: found,
          }
        : null,
    },
    project: null,
  };
}

/** Why nothing can be deployed there, or `null`. Says nothing that only admins may know. */
export function reasonAgainst(found: Findings | null): string | null {
  if (!found) return "Not checked yet: the worker does it as soon as it runs.";
  if (found.trouble) return found.trouble.message;
  const old = refuseOldVersion(found);
  if (old) return old.message;
  if (missingRights(found, "always").length > 0) {
    return "Sluice lacks rights on this cluster. An admin sees on its page which.";
  }
  if (found.nodes && openNodes(found).length === 0) return "No node of this cluster takes pods.";
  return null;
}

function offersOf(found: Findings, settings: TargetSettings): ClusterOffers {
  const open = openNodes(found);
  const roomy = open
    .filter((node) => node.cpuMillis.free !== null && node.memoryBytes.free !== null)
    .sort((a, b) => b.cpuMillis.free! - a.cpuMillis.free! || b.memoryBytes.free! - a.memoryBytes.free!)[0];
  return {
    version: found.version,
    nodes: found.nodes ? open.length : null,
    largestPod: roomy
      ? {
          cpuMillis: roomy.cpuMillis.free!,
          memoryBytes: roomy.memoryBytes.free!,
          gpus: Math.max(...open.map((node) => node.gpus.free ?? 0)),
        }
      : null,
    gatewayClasses: usableGatewayClasses(found),
    autoscaling: found.metricsApi === "there",
    loadBalancers: found.loadBalancers === "seen",
    publicHost: settings.publicHost,
    imagePrefix: settings.imagePrefix,
  };
}
