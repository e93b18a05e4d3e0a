import type { FailureCode } from "#lib/deployments/status.ts";
import type { Change, RecordedEvent } from "#lib/operations/events.ts";
import { stagesOf, type Stage } from "#lib/operations/stages.ts";
import type { OperationKind, OperationStatus } from "#lib/operations/status.ts";
import { resourceKey } from "#lib/targets/plan.ts";
import { stageOf } from "#lib/targets/stage-of.ts";

/** `stopped`: it was under way when another one failed, or somebody stopped it */
export type StageState = "waiting" | "running" | "done" | "failed" | "stopped" | "skipped";
export type StageLine = {
  stage: Stage;
  state: StageState;
  startedAt: string | null;
  durationMs: number | null;
};

export type ResourceState = "waiting" | "running" | "done" | "failed" | "same" | "untouched";
export type ResourceLine = {
  key: string;
  type: string;
  name: string;
  change: Change;
  state: ResourceState;
  startedAt: string | null;
  durationMs: number | null;
};

export type LogLine = {
  seq: number;
  at: string;
  level: "debug" | "info" | "warning" | "error";
  source: string;
  text: string;
};

export type Timeline = {
  stages: StageLine[];
  resources: ResourceLine[];
  log: LogLine[];
  cancelledBy: string | null;
  /** what last kept replicas or the load balancer from being ready; null once they are */
  trouble: { message: string; at: string } | null;
  ended: { status: OperationStatus; code: FailureCode | null; message: string | null; at: string } | null;
};

/** Reads an operation's events, in order, into what its timeline shows. */
export function readTimeline(kind: OperationKind, events: readonly RecordedEvent[]): Timeline {
  const stages = new Map<Stage, StageLine>(
    stagesOf(kind).map((stage) => [stage, { stage, state: "waiting", startedAt: null, durationMs: null }]),
  );
  const resources = new Map<string, ResourceLine>();
  const failing = new Set<Stage>();
  const timeline: Timeline = {
    stages: [],
    resources: [],
    log: [],
    cancelledBy: null,
    trouble: null,
    ended: null,
  };

  for (const event of events) {
    switch (event.kind) {
      case "stage_started":
        stages.set(event.stage, {
          stage: event.stage,
          state: "running",
          startedAt: event.at,
          durationMs: null,
        });
        break;
      case "stage_ended": {
        const before = stages.get(event.stage);
        stages.set(event.stage, {
          stage: event.stage,
          state: event.ok ? "done" : "failed",
          startedAt: before?.startedAt ?? null,
          durationMs: event.durationMs,
        });
        if (event.stage === "health") timeline.trouble = null;
        break;
      }
      case "planned":
        for (const { change, ...resource } of event.resources) {
          const key = resourceKey(resource);
          const state = change === "same" ? "same" : "waiting";
          resources.set(
            key,
            resources.get(key) ?? { key, ...resource, change, state, startedAt: null, durationMs: null },
          );
        }
        break;
      case "resource_started":
        resources.set(resourceKey(event.resource), {
          key: resourceKey(event.resource),
          ...event.resource,
          change: event.change,
          state: "running",
          startedAt: event.at,
          durationMs: null,
        });
        break;
      case "resource_ended": {
        const key = resourceKey(event.resource);
        if (!event.ok) failing.add(stageOfStep(kind, event));
        resources.set(key, {
          key,
          ...event.resource,
          change: event.change,
          state: event.ok ? (event.change === "same" ? "same" : "done") : "failed",
          startedAt: resources.get(key)?.startedAt ?? null,
          durationMs: event.durationMs,
        });
        break;
      }
      case "log":
        // The engine's own warnings are for its log alone.
        if (event.source === "runtime" && event.level === "warning") {
          timeline.trouble = { message: event.text.split("\n")[0] ?? "", at: event.at };
        }
        timeline.log.push({
          seq: event.seq,
          at: event.at,
          level: event.level,
          source: event.source,
          text: event.text,
        });
        break;
      case "cancel_requested":
        timeline.cancelledBy = event.by;
        break;
      case "ended":
        timeline.ended = { status: event.status, code: event.code, message: event.message, at: event.at };
        break;
    }
  }
  timeline.stages = [...stages.values()].map((line) =>
    timeline.ended ? settled(line, timeline.ended.status, failing) : line,
  );
  timeline.resources = [...resources.values()].map((line) =>
    timeline.ended ? settledResource(line, timeline.ended.status) : line,
  );
  return timeline;
}

/** Where the engine's step belongs; a tear-down has one stage for them all. */
function stageOfStep(kind: OperationKind, step: { resource: { type: string }; change: Change }): Stage {
  return kind === "destroy" ? "deleting" : stageOf({ type: step.resource.type, change: step.change });
}

/**
 * After the end nothing waits or runs: what didn't begin was skipped. All that was under way ends as not well done; where
 * it is known which stage's own step failed, or where nothing failed but it was stopped, the others were stopped. What is
 * cancelled has steps that fail because of it.
 */
function settled(line: StageLine, status: OperationStatus, failing: ReadonlySet<Stage>): StageLine {
  if (line.state === "waiting") return { ...line, state: "skipped" };
  if (line.state === "running" && status === "succeeded") return { ...line, state: "done" };
  if (line.state !== "running" && line.state !== "failed") return line;
  const isStopped =
    status === "cancelled" || (!failing.has(line.stage) && (failing.size > 0 || status !== "failed"));
  return { ...line, state: isStopped ? "stopped" : "failed" };
}

/** What an operation that ended didn't reach stays as it was; what it was at when it stopped isn't done. */
function settledResource(line: ResourceLine, status: OperationStatus): ResourceLine {
  if (status === "succeeded") return line;
  if (line.state === "waiting") return { ...line, state: "untouched" };
  return line.state === "running" ? { ...line, state: "failed" } : line;
}

/**
 * Adds events that were read to those that are there: none twice, none out of order, and nothing after a gap
 * (`seq` counts from 1 without gaps, so a missing number is still to be read).
 */
export function appendEvents(
  have: readonly RecordedEvent[],
  read: readonly RecordedEvent[],
): RecordedEvent[] {
  let next = (have.at(-1)?.seq ?? 0) + 1;
  const added: RecordedEvent[] = [];
  for (const event of [...read].sort((a, b) => a.seq - b.seq)) {
    if (event.seq !== next) continue;
    added.push(event);
    next += 1;
  }
  return added.length === 0 ? (have as RecordedEvent[]) : [...have, ...added];
}
