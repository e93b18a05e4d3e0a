import type { EngineEvent } from "#infra/engine/driver.ts";
import type { OperationEvent } from "#lib/operations/events.ts";
import type { Stage } from "#lib/operations/stages.ts";
import { resourceKey, type PlannedChange } from "#lib/targets/plan.ts";
import { engineStages, stageOf } from "#lib/targets/stage-of.ts";

export type StageLog = {
  start(stage: Stage): void;
  end(stage: Stage, ok: boolean): void;
  /** Ends whatever is under way. */
  endAll(ok: boolean): void;
};

/** Writes each stage's start and end once. */
export function stageLog(emit: (event: OperationEvent) => void, now = () => performance.now()): StageLog {
  const started = new Map<Stage, number>();
  const ended = new Set<Stage>();
  const log: StageLog = {
    start(stage) {
      if (started.has(stage)) return;
      started.set(stage, now());
      emit({ kind: "stage_started", stage });
    },
    end(stage, ok) {
      const since = started.get(stage);
      if (since === undefined || ended.has(stage)) return;
      ended.add(stage);
      emit({ kind: "stage_ended", stage, ok, durationMs: Math.round(now() - since) });
    },
    endAll(ok) {
      for (const stage of started.keys()) log.end(stage, ok);
    },
  };
  return log;
}

/**
 * Tells the stages of a deploy from the engine's steps, which overlap: a stage starts with its first step and
 * ends with its last, but never before the stage ahead of it, so that the rows are in the stages' order.
 */
export function engineStageLog(log: StageLog, changes: PlannedChange[]) {
  const left = new Map(
    engineStages.map((stage) => [
      stage,
      new Set(changes.filter((c) => stageOf(c) === stage).map(resourceKey)),
    ]),
  );
  const endThoseDone = () => {
    for (const stage of engineStages) {
      if ((left.get(stage)?.size ?? 0) > 0) return;
      log.start(stage);
      log.end(stage, true);
    }
  };
  return {
    /** Puts the stages' rows around the step's own: a start before it, an end after it. */
    around(event: EngineEvent, emitStep: () => void): void {
      if (event.kind === "log") return emitStep();
      const stage = stageOf({ type: event.resource.type, change: event.change });
      for (const before of engineStages.slice(0, engineStages.indexOf(stage) + 1)) log.start(before);
      emitStep();
      if (event.kind === "resource_ended" && event.ok) left.get(stage)?.delete(resourceKey(event.resource));
      endThoseDone();
    },
    /** The engine is through: whatever had no step is done too. */
    finish(): void {
      for (const resources of left.values()) resources.clear();
      endThoseDone();
    },
  };
}
