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
  /** of a process on the portal's machine */
  pid: number | null;
  /** the pod's name and its node, where the replica is a pod of a cluster */
  pod: string | null;
  node: string | null;
  restarts: number;
  /** requests it works on now, and those that wait for it alone; `null` where that can't be seen */
  inFlight: number | null;
  startedAt: string | null;
  message: string | null;
};

/** The replicas of a deployment, variant by variant; another person's deployment has none. */
export async function listReplicas(ctx: Context, input: { deploymentId: string }): Promise<ReplicaView[]> {
  const rows = await ctx.db.replica.findMany({
    where: { deploymentId: input.deploymentId, deployment: visibleTo(ctx.actor) },
    orderBy: [{ variant: "asc" }, { ordinal: "asc" }],
  });
  return rows.map(
    ({ deploymentId: _, updatedAt: __, podUid: ___, logReadTo: ____, startedAt, state, ...row }) => ({
      ...row,
      state: state as ReplicaState,
      startedAt: startedAt?.toISOString() ?? null,
    }),
  );
}
