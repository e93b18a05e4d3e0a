import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import { StageList } from "#components/operations/stage-list.tsx";
import { readTimeline } from "#components/operations/timeline.ts";
import type { RecordedEvent } from "#lib/operations/events.ts";
import type { StageDurations } from "#lib/operations/progress.ts";

const of = { attempt: 1, at: "2026-01-02T03:04:05.000Z" } as const;
const events: RecordedEvent[] = [
  { ...of, seq: 1, kind: "stage_started", stage: "planning" },
  { ...of, seq: 2, kind: "stage_ended", stage: "planning", ok: true, durationMs: 4_000 },
  { ...of, seq: 3, kind: "stage_started", stage: "creating" },
];
const shown = (learned: StageDurations, end: RecordedEvent[] = []) =>
  renderToStaticMarkup(
    <StageList stages={readTimeline("deploy", [...events, ...end]).stages} learned={learned} />,
  );

it("says of each stage how long earlier ones took, until it is known of this one", () => {
  const words = shown({ planning: 3_000, creating: 402_000, health: 40_400, first_answer: 200 });
  expect(words).toContain("usually 7 min");
  expect(words).toContain("usually 40 s");
  expect(words).toContain("usually 1 s");
  expect(words).not.toContain("usually 3 s");
});

it("guesses nothing where there was none before, nor once it has ended", () => {
  expect(shown({})).not.toContain("usually");
  const ended = { ...of, seq: 4, kind: "ended", status: "failed", code: null, message: null } as const;
  expect(shown({ creating: 402_000, health: 40_400 }, [ended])).not.toContain("usually");
});
