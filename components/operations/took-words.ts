import type { StageLine } from "#components/operations/timeline.ts";
import { formatDuration } from "#components/ui/format.ts";

/** Waiting that is shorter isn't worth a word, in milliseconds. */
const noticed = 1_000;

/** How long an operation took, and how much of that it only waited: "took 2 min 15 s, of it 2 min 12 s waiting". */
export function tookWords(queuedAt: string, endedAt: string, stages: readonly StageLine[]): string {
  const took = formatDuration(Date.parse(endedAt) - Date.parse(queuedAt));
  const waited = stages.find(({ stage }) => stage === "queued")?.durationMs ?? 0;
  return `took ${took}${waited >= noticed ? `, of it ${formatDuration(waited)} waiting` : ""}`;
}
