import type { Tx } from "#lib/db.ts";
import type { FailureCode } from "#lib/deployments/status.ts";
import type { OperationView } from "#lib/deployments/view.ts";
import type { OperationKind, OperationStatus } from "#lib/operations/status.ts";
import type { PlannedResource } from "#lib/targets/plan.ts";
import type { Operation } from "#prisma/generated/client.ts";

/** What `toOperationView` needs with the row: `include: operationInclude`. */
export const operationInclude = { revision: { select: { number: true } } } as const;

export type OperationRow = Pick<
  Operation,
  | "id"
  | "deploymentId"
  | "kind"
  | "status"
  | "attempt"
  | "errorCode"
  | "errorMessage"
  | "cancelRequestedAt"
  | "plan"
  | "lastSeq"
  | "actorType"
  | "actorId"
  | "queuedAt"
  | "startedAt"
  | "finishedAt"
> & { revision: { number: number } };

/** @param names of the people who asked, by their id (`namesOf`) */
export function toOperationView(row: OperationRow, names: Map<string, string>): OperationView {
  const plan = row.plan as PlannedResource[] | null;
  return {
    id: row.id,
    deploymentId: row.deploymentId,
    kind: row.kind as OperationKind,
    status: row.status as OperationStatus,
    attempt: row.attempt,
    revision: row.revision.number,
    errorCode: row.errorCode as FailureCode | null,
    errorMessage: row.errorMessage,
    cancelRequested: row.cancelRequestedAt !== null,
    plan: plan && plan.map(({ type, name, summary }) => ({ type, name, summary })),
    lastSeq: row.lastSeq,
    by: askedBy(row, names),
    queuedAt: row.queuedAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
  };
}

/** One query for the names of everybody who asked for one of these. */
export async function namesOf(
  tx: Tx,
  rows: Pick<Operation, "actorType" | "actorId">[],
): Promise<Map<string, string>> {
  const ids = rows.flatMap((row) => (row.actorType === "user" && row.actorId ? [row.actorId] : []));
  const users = await tx.user.findMany({
    where: { id: { in: [...new Set(ids)] } },
    select: { id: true, name: true },
  });
  return new Map(users.map((user) => [user.id, user.name]));
}

function askedBy(row: OperationRow, names: Map<string, string>): string {
  if (row.actorType === "user") return names.get(row.actorId ?? "") ?? "A person who is gone";
  return row.actorType === "system" && row.actorId ? `Sluice: ${row.actorId}` : "Sluice";
}
