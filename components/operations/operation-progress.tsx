"use client";

import { useEffect, useState } from "react";
import { ProgressBar } from "#components/ui/progress-bar.tsx";
import type { RecordedEvent } from "#lib/operations/events.ts";
import { progress } from "#lib/operations/progress.ts";
import { stageTitle, type Stage } from "#lib/operations/stages.ts";
import type { OperationKind } from "#lib/operations/status.ts";

const STEP_MS = 250;

type Props = {
  kind: OperationKind;
  events: readonly RecordedEvent[];
  /** how long each stage is expected to take, in milliseconds */
  durations: Record<Stage, number>;
};

/** How far an operation is: moved by its events, and within a stage by the time that such a stage takes. */
export function OperationProgress({ kind, events, durations }: Props) {
  const [furthest, setFurthest] = useState(0);
  const [stage, setStage] = useState<string>();
  useEffect(() => {
    const look = () => {
      const now = progress(kind, events, durations, Date.now());
      // A clock that was set back must not move the bar back.
      setFurthest((before) => Math.max(before, now.fraction));
      setStage(now.stage ? stageTitle[now.stage] : undefined);
    };
    look();
    const timer = setInterval(look, STEP_MS);
    return () => clearInterval(timer);
  }, [kind, events, durations]);
  return (
    <ProgressBar
      value={furthest}
      label="Progress"
      text={stage && `${stage}, ${Math.round(furthest * 100)} %`}
    />
  );
}
