import { placeOf, type ClusterPlace, type Placed } from "#infra/clusters/cluster-place.ts";
import type { Db } from "#lib/db.ts";
import { readSpec } from "#lib/deployments/to-view.ts";
import { joinLastFailure } from "#lib/operations/last-failure.ts";
import type { Shortage } from "#lib/replicas/shortage.ts";

export type ReplicaRow = Awaited<ReturnType<typeof replicasOf>>[number];

/** A deployment on a cluster, as its rows say. */
export type DeploymentRow = {
  id: string;
  status: string;
  statusCode: string | null;
  statusMessage: string | null;
  replicasDesired: number;
  replicasReady: number;
  /** a domain of its, as it was last seen */
  domainState: unknown;
  /** where it is reached; null: nowhere yet */
  address: string | null;
  /** an operation runs: what the status is, it says */
  isBusy: boolean;
  /** what the last operation ended with, if it didn't succeed */
  failure: Shortage | null;
  replicas: ReplicaRow[];
} & Deployed;

/** What was last brought to the cluster whole. */
type Deployed = {
  /** none before the first time */
  variants: { name: string; least: number }[];
  /** null: none */
  domain: string | null;
};

type Found = Omit<DeploymentRow, keyof Deployed | "replicas"> & Placed & { revisionId: string | null };

/** Revisions never change, so each is read once; the oldest give way. */
const knownRevisions = new Map<string, Deployed>();
const mostRevisions = 1_000;

/** The deployments of a cluster that exist, and those that were torn down and still have rows of replicas. */
export async function readRows(db: Db, place: ClusterPlace): Promise<DeploymentRow[]> {
  const onTarget = await db.$queryRaw<Found[]>`
    select d.id, d.status, d.status_code as "statusCode", d.status_message as "statusMessage",
      d.replicas_desired as "replicasDesired", d.replicas_ready as "replicasReady",
      d.domain_state as "domainState", d.endpoint->>'ip' as address,
      exists (select from operation o where o.deployment_id = d.id and o.status = 'running') as "isBusy",
      case when failure.message is not null
        then json_build_object('code', failure.code, 'message', failure.message) end as failure,
      (select o.revision_id from operation o
        where o.deployment_id = d.id and o.status = 'succeeded' and o.kind <> 'destroy'
        order by o.fence desc limit 1) as "revisionId",
      d.target_id as "targetId", t.settings->>'project' as project, r.spec->'google' as google
    from deployment d join target t on t.id = d.target_id left join revision r on r.id = d.revision_id
    ${joinLastFailure}
    where d.target_id = ${place.targetId} and (${place.onlyFor}::text is null or d.id = ${place.onlyFor})
      and (d.status <> 'destroyed' or exists (select from replica r where r.deployment_id = d.id))
    order by d.id`;
  const found = onTarget.filter((row) => placeOf(row)?.key === place.key);
  const replicas = await replicasOf(
    db,
    found.map(({ id }) => id),
  );
  return Promise.all(
    found.map(async ({ revisionId, targetId: _, project: __, google: ___, ...row }) => ({
      ...row,
      ...(revisionId === null ? { variants: [], domain: null } : await deployedBy(db, revisionId)),
      replicas: replicas.filter(({ deploymentId }) => deploymentId === row.id),
    })),
  );
}

/** Their replicas, as they were written last. */
function replicasOf(db: Db, deploymentIds: string[]) {
  return db.replica.findMany({
    where: { deploymentId: { in: deploymentIds } },
    orderBy: [{ variant: "asc" }, { ordinal: "asc" }],
  });
}

async function deployedBy(db: Db, revisionId: string): Promise<Deployed> {
  const known = knownRevisions.get(revisionId);
  if (known) return known;
  const { spec } = await db.revision.findUniqueOrThrow({ where: { id: revisionId } });
  const { variants, google } = readSpec(spec);
  const deployed = {
    variants: variants.map(({ name, scaling }) => ({ name, least: scaling.minReplicas })),
    domain: google?.domain ?? null,
  };
  knownRevisions.set(revisionId, deployed);
  if (knownRevisions.size > mostRevisions) knownRevisions.delete(knownRevisions.keys().next().value ?? "");
  return deployed;
}
