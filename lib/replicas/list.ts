import { visibleTo } from "#lib/auth/visible-to.ts";
import type { Context } from "#lib/context.ts";

export const replicaStates = ["starting", "ready", "unhealthy", "draining", "restarting", "stopped"] as const;
export type ReplicaState = (typeof replicaStates)[number];

export type ReplicaView = {
  /** `<deployment>/<variant>/<ordinal>`, also in the answer header X-Sluice-Replica */
  id: string;
  variant: string;
  ordinal: number;
  state: ReplicaState;
  pid: number | null;
  restarts: number;
  /** requests it works on now, and those that wait for it alone */
  inFlight: number;
  startedAt: string | null;
  message: string | null;
};

/** The replicas of a deployment, variant by variant; another person's deployment has none. */
export async function listReplicas(ctx: Context, input: { deploymentId: string }): Promise<ReplicaView[]> {
  const rows = await ctx.db.replica.findMany({
    where: { deploymentId: input.deploymentId, deployment: visibleTo(ctx.actor) },
    orderBy: [{ variant: "asc" }, { ordinal: "asc" }],
  });
  return rows.map(({ deploymentId: _, updatedAt: __, startedAt, state, ...row }) => ({
    ...row,
    state: state as ReplicaState,
    startedAt: startedAt?.toISOString() ?? null,
  }));
}
