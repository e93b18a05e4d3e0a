"use client";

import { useState } from "react";
import Link from "next/link";
import { ChevronRight } from "lucide-react";
import { OperationPill } from "#components/deployments/status-pill.tsx";
import type { CancelOperation } from "#components/operations/cancel-button.tsx";
import { OperationCard } from "#components/operations/operation-card.tsx";
import { operationWords } from "#components/operations/operation-words.ts";
import { buttonClass } from "#components/ui/button.tsx";
import { Age } from "#components/ui/time.tsx";
import type { OperationView } from "#lib/deployments/view.ts";
import type { RecordedEvent } from "#lib/operations/events.ts";
import type { StageDurations } from "#lib/operations/progress.ts";
import { usualDurations, type Circumstances } from "#lib/operations/usual-durations.ts";
import type { ToolView } from "#lib/targets/list-tools.ts";

/** Of another kind than the newest, only the usual is expected. */
const nothing: StageDurations = {};

type Props = {
  operations: OperationView[];
  /** where the older ones are shown too, if there are any */
  olderHref: string | null;
  newestEvents: RecordedEvent[];
  cancel: CancelOperation;
  /** how long operations of the newest's kind took */
  learned: StageDurations;
  /** what decides how long they take where nothing was learned yet */
  circumstances: Circumstances;
  /** what the engine lacks while the newest is queued */
  missing: ToolView | null;
  /** the message that stands above the tabs */
  told: string | null;
};

/** The newest operation in full, and what runs; the others open when they are asked for. */
export function OperationHistory(props: Props) {
  const { operations, olderHref, newestEvents, cancel, learned, circumstances, missing, told } = props;
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const open = (id: string) => setOpened((before) => new Set(before).add(id));
  return (
    <div className="flex flex-col gap-4">
      <ol aria-label="Operations" className="flex flex-col gap-4">
        {operations.map((operation, index) => {
          const full = index === 0 || operation.status === "running" || opened.has(operation.id);
          return (
            <li key={operation.id}>
              {full ? (
                <OperationCard
                  operation={operation}
                  events={index === 0 ? newestEvents : []}
                  cancel={cancel}
                  learned={operation.kind === operations[0]?.kind ? learned : nothing}
                  usual={usualDurations(operation.kind, circumstances)}
                  missing={missing}
                  told={told}
                />
              ) : (
                <ClosedOperation operation={operation} onOpen={() => open(operation.id)} />
              )}
            </li>
          );
        })}
      </ol>
      {olderHref && (
        <p className="flex flex-wrap items-center gap-3 text-muted">
          The newest {operations.length} are shown.
          <Link href={olderHref} scroll={false} className={buttonClass("secondary", "small")}>
            Show older ones
          </Link>
        </p>
      )}
    </div>
  );
}

function ClosedOperation({ operation, onOpen }: { operation: OperationView; onOpen: () => void }) {
  return (
    <button
      type="button"
      aria-expanded={false}
      onClick={onOpen}
      className="flex w-full flex-wrap items-center gap-x-4 gap-y-1 rounded-lg border bg-surface px-4 py-3 text-left hover:bg-sunken"
    >
      <ChevronRight aria-hidden className="size-4 text-faint" />
      <span className="font-semibold">{operationWords[operation.kind]}</span>
      <OperationPill status={operation.status} />
      <span className="min-w-0 text-small text-faint">
        revision {operation.revision} · by {operation.by} · <Age at={operation.queuedAt} suffix=" ago" />
      </span>
      {operation.errorMessage && (
        <span className="w-full truncate pl-8 text-small text-muted">{operation.errorMessage}</span>
      )}
    </button>
  );
}
