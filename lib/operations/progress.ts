import type { Change, RecordedEvent } from "#lib/operations/events.ts";
import { stagesOf, type Stage } from "#lib/operations/stages.ts";
import type { OperationKind, OperationStatus } from "#lib/operations/status.ts";
import { stageOf } from "#lib/targets/stage-of.ts";

export type StageStatus = "waiting" | "running" | "done" | "failed" | "skipped";

export type StageProgress = {
  stage: Stage;
  status: StageStatus;
  startedAt: string | null;
  /** how long it took, or has taken until now; null before its start */
  durationMs: number | null;
  expectedMs: number;
};

export type Progress = {
  /** 0..1; 1 only when the operation has succeeded */
  fraction: number;
  /** the stage that is under way, or the last that was; null before the first event */
  stage: Stage | null;
  perStage: StageProgress[];
};

/** How long each stage takes, in milliseconds, as far as it is known (learned-durations.ts). */
export type StageDurations = Partial<Record<Stage, number>>;

/** A stage that isn't over never fills more than this of its share. */
const cap = 0.95;
/** An operation that isn't over never shows more than this. */
const almost = 0.99;

/**
 * How far an operation is, from its events. Each stage has a share of the bar, as long as it usually takes.
 * Within a stage the bar moves with each resource that is through, and with time, but only as far as the stage
 * usually takes. More events or a later `now` never move it back.
 *
 * @param events in order, from the first
 * @param durations how long each stage is expected to take, in milliseconds
 * @param now milliseconds since 1970, by the reader's clock
 */
export function progress(
  kind: OperationKind,
  events: readonly RecordedEvent[],
  durations: Record<Stage, number>,
  now: number,
): Progress {
  const seen = readEvents(kind, events);
  const expected = (stage: Stage) => Math.max(1, durations[stage]);
  const stages = stagesOf(kind);
  const total = stages.reduce((sum, stage) => sum + expected(stage), 0);
  let filled = 0;
  const perStage = stages.map((stage): StageProgress => {
    const mark = seen.marks.get(stage);
    const expectedMs = expected(stage);
    const elapsed = mark ? Math.max(0, (seen.endedAt ?? now) - Date.parse(mark.startedAt)) : null;
    filled += (expectedMs / total) * filledShare(mark, seen, (elapsed ?? 0) / expectedMs);
    return {
      stage,
      status: statusOf(mark, seen),
      startedAt: mark?.startedAt ?? null,
      durationMs: mark?.durationMs ?? elapsed,
      expectedMs,
    };
  });
  const running = stages.find((stage) => seen.marks.get(stage)?.ok === null);
  return {
    fraction: seen.outcome === "succeeded" ? 1 : Math.min(almost, filled),
    stage: running ?? stages.findLast((stage) => seen.marks.has(stage)) ?? null,
    perStage,
  };
}

/** `ok` is null while the stage is under way; `steps` are the resources that the plan puts into it. */
type Mark = {
  startedAt: string;
  ok: boolean | null;
  durationMs: number | null;
  stepsDone: number;
  steps: number;
};
type Seen = { marks: Map<Stage, Mark>; endedAt: number | null; outcome: OperationStatus | null };

function readEvents(kind: OperationKind, events: readonly RecordedEvent[]): Seen {
  const seen: Seen = { marks: new Map(), endedAt: null, outcome: null };
  const planned = new Map<Stage, number>();
  const stageOfStep = (resource: { type: string }, change: Change): Stage =>
    kind === "destroy" ? "deleting" : stageOf({ type: resource.type, change });
  for (const event of events) {
    switch (event.kind) {
      case "planned":
        for (const resource of event.resources) {
          const stage = stageOfStep(resource, resource.change);
          planned.set(stage, (planned.get(stage) ?? 0) + 1);
        }
        break;
      case "stage_started":
        seen.marks.set(event.stage, {
          startedAt: event.at,
          ok: null,
          durationMs: null,
          stepsDone: 0,
          steps: planned.get(event.stage) ?? 0,
        });
        break;
      case "stage_ended": {
        const mark = seen.marks.get(event.stage);
        if (mark) Object.assign(mark, { ok: event.ok, durationMs: event.durationMs });
        break;
      }
      case "resource_ended": {
        const mark = seen.marks.get(stageOfStep(event.resource, event.change));
        if (mark && event.ok) mark.stepsDone += 1;
        break;
      }
      case "ended":
        seen.endedAt = Date.parse(event.at);
        seen.outcome = event.status;
        break;
      case "resource_started":
      case "log":
      case "cancel_requested":
        break;
    }
  }
  return seen;
}

/** How much of its share a stage fills, 0..1. */
function filledShare(mark: Mark | undefined, seen: Seen, elapsedShare: number): number {
  if (!mark) return 0;
  if (mark.ok === true) return 1;
  // As far as it can have come: less might be a step back from what was shown a moment before.
  if (mark.ok === false || seen.outcome !== null) return cap;
  const bySteps = mark.steps > 0 ? mark.stepsDone / mark.steps : 0;
  return cap * Math.min(1, Math.max(bySteps, elapsedShare));
}

function statusOf(mark: Mark | undefined, seen: Seen): StageStatus {
  if (!mark) return seen.outcome === null ? "waiting" : "skipped";
  if (mark.ok === null) return seen.outcome === null ? "running" : "failed";
  return mark.ok ? "done" : "failed";
}
