import type { Metadata } from "next";
import { cancelOperation } from "#app/(portal)/deployments/actions.ts";
import { loadDeployment } from "#app/(portal)/deployments/[deploymentId]/load.ts";
import { toldReason } from "#components/deployments/failure-reason.ts";
import { LiveRefresh } from "#components/live/live-refresh.tsx";
import { OperationHistory } from "#components/operations/operation-history.tsx";
import { learnedDurations } from "#lib/operations/learned-durations.ts";
import { listEvents } from "#lib/operations/list-events.ts";
import { listOperations } from "#lib/operations/list-operations.ts";
import { circumstancesOf } from "#lib/operations/usual-durations.ts";
import { routes } from "#lib/routes.ts";
import { missingTool } from "#lib/targets/missing-tool.ts";
import { pageContext } from "#lib/web/require-actor.ts";

export const metadata: Metadata = { title: "Activity" };

const atATime = 100;

type Props = {
  params: Promise<{ deploymentId: string }>;
  searchParams: Promise<{ show?: string | string[] }>;
};

export default async function ActivityPage({ params, searchParams }: Props) {
  const ctx = await pageContext();
  const deployment = await loadDeployment((await params).deploymentId);
  const { id, targetKind } = deployment;
  const asked = Number((await searchParams).show);
  const show = Number.isInteger(asked) ? Math.min(Math.max(asked, atATime), 100 * atATime) : atATime;
  const operations = await listOperations(ctx, id, show + 1);
  const newest = operations[0];
  const circumstances = circumstancesOf(deployment.spec);
  const isQueued = newest?.status === "queued";
  const [events, learned, missing] = newest
    ? await Promise.all([
        listEvents(ctx, { operationId: newest.id }),
        learnedDurations(ctx.db, newest.kind, circumstances),
        isQueued ? missingTool(ctx.db, targetKind) : null,
      ])
    : [[], {}, null];
  return (
    <>
      {isQueued && <LiveRefresh topics={["tools"]} />}
      <OperationHistory
        operations={operations.slice(0, show)}
        olderHref={operations.length > show ? `${routes.activity(id)}?show=${show + atATime}` : null}
        newestEvents={events}
        learned={learned}
        circumstances={circumstances}
        cancel={cancelOperation}
        missing={missing}
        told={toldReason(deployment)?.message ?? null}
      />
    </>
  );
}
