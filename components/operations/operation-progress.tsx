"use client";

import type { Timeline } from "#components/operations/timeline.ts";
import { ProgressBar } from "#components/ui/progress-bar.tsx";
import { stageTitle } from "#lib/operations/stages.ts";

/** How far an operation is. */
export function OperationProgress({ timeline }: { timeline: Timeline }) {
  const done = timeline.stages.filter((line) => line.state === "done").length;
  const now = timeline.stages.find((line) => line.state === "running");
  return (
    <ProgressBar value={done / timeline.stages.length} label="Progress" text={now ? stageTitle[now.stage] : undefined} />
  );
}
