"use client";

import { useMemo } from "react";
import Link from "next/link";
import { StageList } from "#components/operations/stage-list.tsx";
import { CancelButton, type CancelOperation } from "#components/operations/cancel-button.tsx";
import { EngineLog } from "#components/operations/engine-log.tsx";
import { operationWords } from "#components/operations/operation-words.ts";
import { OperationProgress } from "#components/operations/operation-progress.tsx";
import { ResourceList } from "#components/operations/resource-list.tsx";
import { tookWords } from "#components/operations/took-words.ts";
import { readTimeline } from "#components/operations/timeline.ts";
import { useOperationEvents } from "#components/operations/use-operation-events.ts";
import { WaitingNote } from "#components/operations/waiting-note.tsx";
import { OperationPill } from "#components/deployments/status-pill.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { cx } from "#components/ui/class-names.ts";
import { Age } from "#components/ui/time.tsx";
import type { OperationView } from "#lib/deployments/view.ts";
import type { RecordedEvent } from "#lib/operations/events.ts";
import type { StageDurations } from "#lib/operations/progress.ts";
import type { Stage } from "#lib/operations/stages.ts";
import { isTerminal } from "#lib/operations/status.ts";
import { routes } from "#lib/routes.ts";
import type { ToolView } from "#lib/targets/list-tools.ts";

type Props = {
  operation: OperationView;
  events: readonly RecordedEvent[];
  /** how long each stage of such an operation takes here, in milliseconds */
  learned: StageDurations;
  /** how long each is expected to take where nothing was learned yet */
  usual: Record<Stage, number>;
  cancel: CancelOperation;
  /** what the engine lacks while it is queued */
  missing: ToolView | null;
  /** what stands above the tabs already: a message isn't said twice */
  told: string | null;
};

/** One operation with its timeline, live while it runs. */
export function OperationCard(props: Props) {
  const { operation, events: initial, learned, usual, cancel, missing, told } = props;
  const events = useOperationEvents(operation.id, initial);
  const durations = useMemo(() => ({ ...usual, ...learned }), [usual, learned]);
  const timeline = useMemo(() => readTimeline(operation.kind, events), [operation.kind, events]);
  // The events are ahead of the row that the page was made from.
  const status =
    timeline.ended?.status ??
    (operation.status === "queued" && started(events) ? "running" : operation.status);
  const live = !isTerminal(status);
  const title = operationWords[operation.kind];
  return (
    <article aria-label={`${title}, ${status}`} className="rounded-lg border bg-surface">
      <header className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b px-4 py-3">
        <h2 className="font-semibold">{title}</h2>
        <OperationPill status={status} />
        <p className="min-w-0 flex-1 text-small text-faint max-sm:order-last max-sm:basis-full">
          revision {operation.revision} · by {operation.by} · <Age at={operation.queuedAt} suffix=" ago" />
          {operation.attempt > 1 && ` · attempt ${operation.attempt}`}
          {timeline.ended && ` · ${tookWords(operation.queuedAt, timeline.ended.at, timeline.stages)}`}
        </p>
        {live && (
          <CancelButton
            operationId={operation.id}
            asked={operation.cancelRequested || timeline.cancelledBy !== null}
            cancel={cancel}
          />
        )}
      </header>
      <div className="flex flex-col gap-4 p-4">
        {live && timeline.trouble && (
          <Callout tone="warn" title={timeline.trouble.message}>
            It waits, in case this passes. First seen <Age at={timeline.trouble.at} suffix=" ago" />.
          </Callout>
        )}
        {live && <OperationProgress kind={operation.kind} events={events} durations={durations} />}
        {operation.kind === "destroy" && status === "succeeded" && (
          <p>
            <Link
              href={routes.deployment(operation.deploymentId)}
              className="font-medium text-accent underline"
            >
              See what was deleted
            </Link>{" "}
            <span className="text-muted">and that nothing is left.</span>
          </p>
        )}
        {timeline.ended?.message && status !== "succeeded" && (
          <p
            className={cx(
              "flex flex-wrap items-baseline gap-x-3 border-l-2 pl-3 break-words whitespace-pre-wrap",
              status === "failed" ? "border-bad" : "border-warn",
            )}
          >
            {timeline.ended.message === told ? "Why is said above." : timeline.ended.message}
            {timeline.ended.code && <span className="code text-small text-faint">{timeline.ended.code}</span>}
          </p>
        )}
        {status === "queued" && <WaitingNote events={events} missing={missing} />}
        <div className="grid grid-cols-[minmax(0,1fr)] gap-x-12 gap-y-6 lg:grid-cols-2">
          <StageList stages={timeline.stages} learned={learned} />
          <ResourceList resources={timeline.resources} ended={timeline.ended !== null} />
        </div>
        {timeline.cancelledBy && live && (
          <p className="text-muted">{timeline.cancelledBy} asked to stop this.</p>
        )}
        <EngineLog lines={timeline.log} live={live} />
      </div>
    </article>
  );
}

function started(events: readonly RecordedEvent[]): boolean {
  return events.some((event) => event.kind === "stage_started" && event.stage !== "queued");
}
