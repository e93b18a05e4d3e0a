import type { Metadata } from "next";
import { cancelOperation } from "#app/(portal)/deployments/actions.ts";
import { loadDeployment } from "#app/(portal)/deployments/[deploymentId]/load.ts";
import { OperationHistory } from "#components/operations/operation-history.tsx";
import { learnedDurations } from "#lib/operations/learned-durations.ts";
import { listEvents } from "#lib/operations/list-events.ts";
import { listOperations } from "#lib/operations/list-operations.ts";
import { pageContext } from "#lib/web/require-actor.ts";

export const metadata: Metadata = { title: "Activity" };

export default async function ActivityPage({ params }: { params: Promise<{ deploymentId: string }> }) {
  const ctx = await pageContext();
  const { id, target } = await loadDeployment((await params).deploymentId);
  const operations = await listOperations(ctx, id);
  const newest = operations[0];
  const [events, learned] = newest
    ? await Promise.all([
        listEvents(ctx, { operationId: newest.id }),
        learnedDurations(ctx.db, newest.kind, target),
      ])
    : [[], {}];
  return (
    <OperationHistory
      operations={operations}
      newestEvents={events}
      learned={learned}
      cancel={cancelOperation}
    />
  );
}
