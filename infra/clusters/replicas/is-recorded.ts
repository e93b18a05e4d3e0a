import type { DeploymentRow, ReplicaRow } from "#infra/clusters/replicas/read-rows.ts";
import type { DeploymentSnapshot, RecordedReplica } from "#lib/replicas/record-replicas.ts";

type Row = Omit<DeploymentRow, "variants">;

/** Whether a deployment's rows say already what was seen: then nobody need be told. */
export function isRecorded(row: Row, seen: DeploymentSnapshot, isSettled: boolean): boolean {
  return (
    row.replicasDesired === seen.desired &&
    row.replicasReady === seen.ready &&
    row.replicas.length === seen.replicas.length &&
    seen.replicas.every((replica) =>
      isSame(
        row.replicas.find(({ id }) => id === replica.id),
        replica,
      ),
    ) &&
    (!isSettled || !saysStatus(row) || isStatus(row, seen))
  );
}

function isSame(row: ReplicaRow | undefined, seen: RecordedReplica): boolean {
  const text = ({ state, pod, podUid, node, restarts, startedAt, message }: ReplicaRow | RecordedReplica) =>
    JSON.stringify([state, pod, podUid, node, restarts, startedAt, message]);
  return row !== undefined && text(row) === text(seen);
}

/** Only of these two, and while no operation has the say, replicas decide. */
function saysStatus({ status, isBusy }: Row): boolean {
  return !isBusy && (status === "ready" || status === "degraded");
}

function isStatus({ status, statusCode, statusMessage, failure }: Row, seen: DeploymentSnapshot): boolean {
  const said = seen.shortage ?? failure;
  if (said === null) return status === "ready" && statusCode === null && statusMessage === null;
  return status === "degraded" && statusCode === said.code && statusMessage === said.message;
}
