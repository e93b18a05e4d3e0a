import fc from "fast-check";
import { expect, test } from "vitest";
import type { OperationEvent, RecordedEvent } from "#lib/operations/events.ts";
import { progress } from "#lib/operations/progress.ts";
import { stagesOf } from "#lib/operations/stages.ts";
import { operationKinds, type OperationKind } from "#lib/operations/status.ts";
import { usualDurations } from "#lib/operations/usual-durations.ts";
import { localTypes } from "#lib/targets/local/plan.ts";

const usual = usualDurations("deploy", { target: "local", cluster: null, layer: 7 });
const start = Date.parse("2026-01-01T00:00:00Z");

function recorded(events: { afterMs: number; event: OperationEvent }[]): RecordedEvent[] {
  return events.map(({ afterMs, event }, index) => ({
    ...event,
    seq: index + 1,
    at: new Date(start + afterMs).toISOString(),
    attempt: 1,
  }));
}

test("a stage's bar moves with time, but only as far as the stage usually takes", () => {
  const events = recorded([
    { afterMs: 0, event: { kind: "stage_started", stage: "queued" } },
    { afterMs: 0, event: { kind: "stage_ended", stage: "queued", ok: true, durationMs: 0 } },
    { afterMs: 0, event: { kind: "stage_started", stage: "planning" } },
  ]);
  const durations = { ...usual, queued: 1, planning: 1000, deleting: 1000, checking: 1000 };
  const at = (ms: number) => progress("destroy", events, durations, start + ms).fraction;
  expect(at(0)).toBeCloseTo(0, 2);
  expect(at(500)).toBeCloseTo(0.95 / 6, 2);
  expect(at(1000)).toBeCloseTo(0.95 / 3, 2);
  expect(at(60_000)).toBe(at(1000));
});

test("resources that are through move the bar ahead of the time", () => {
  const resource = (name: string) => ({ type: localTypes.pool, name });
  const planned = ["a", "b"].map((name) => ({ ...resource(name), change: "create" as const }));
  const events = recorded([
    { afterMs: 0, event: { kind: "planned", resources: planned } },
    { afterMs: 0, event: { kind: "stage_started", stage: "health" } },
    {
      afterMs: 0,
      event: { kind: "resource_ended", resource: resource("a"), change: "create", ok: true, durationMs: 1 },
    },
  ]);
  const only = {
    ...usual,
    queued: 1,
    planning: 1,
    creating: 1,
    starting: 1,
    health: 1_000_000,
    first_answer: 1,
  };
  expect(progress("deploy", events, only, start).fraction).toBeCloseTo(0.95 / 2, 3);
});

test("each stage says what it is, how long it took, and how long it usually takes", () => {
  const events = recorded([
    { afterMs: 0, event: { kind: "stage_started", stage: "queued" } },
    { afterMs: 40, event: { kind: "stage_ended", stage: "queued", ok: true, durationMs: 40 } },
    { afterMs: 50, event: { kind: "stage_started", stage: "planning" } },
    {
      afterMs: 90,
      event: { kind: "ended", status: "interrupted", code: "interrupted", message: "It stopped." },
    },
  ]);
  const { fraction, stage, perStage } = progress(
    "destroy",
    events,
    { ...usual, planning: 700 },
    start + 99_000,
  );
  expect(stage).toBe("planning");
  expect(fraction).toBeLessThan(1);
  expect(perStage.map((s) => [s.stage, s.status, s.durationMs])).toEqual([
    ["queued", "done", 40],
    ["planning", "failed", 40],
    ["deleting", "skipped", null],
    ["checking", "skipped", null],
  ]);
  expect(perStage[1]?.expectedMs).toBe(700);
});

/** A run as it may go: some stages, with steps in them, and perhaps an end; times never go back. */
const runs = fc
  .record({
    kind: fc.constantFrom<OperationKind>(...operationKinds),
    reached: fc.nat(6),
    steps: fc.array(fc.constantFrom(...Object.values(localTypes)), { maxLength: 8 }),
    pauses: fc.array(fc.nat(5_000), { minLength: 40, maxLength: 40 }),
    lastStageEnds: fc.constantFrom("well", "badly", "not"),
    end: fc.constantFrom("none", "succeeded", "failed", "cancelled", "interrupted"),
  })
  .map(({ kind, reached, steps, pauses, lastStageEnds, end }) => {
    const events: OperationEvent[] = [];
    const planned = steps.map((type, i) => ({ type, name: `n${i}`, change: "create" as const }));
    const stages = stagesOf(kind);
    const last = Math.min(reached, stages.length - 1);
    stages.slice(0, last + 1).forEach((stage, i) => {
      if (i === 2) events.push({ kind: "planned", resources: planned });
      events.push({ kind: "stage_started", stage });
      if (i >= 2) {
        for (const { type, name, change } of planned) {
          events.push({ kind: "resource_ended", resource: { type, name }, change, ok: true, durationMs: 1 });
        }
      }
      const isLast = i === last;
      if (isLast && lastStageEnds === "not") return;
      const ok = !isLast || lastStageEnds === "well" || end === "succeeded";
      events.push({ kind: "stage_ended", stage, ok, durationMs: 1 });
    });
    if (end !== "none") events.push({ kind: "ended", status: end as "failed", code: null, message: null });
    let afterMs = 0;
    return {
      kind,
      end,
      events: recorded(events.map((event, i) => ({ afterMs: (afterMs += pauses[i] ?? 0), event }))),
    };
  });

test("it never goes back, with more events or more time, and is 1 only when it has succeeded", () => {
  const durations = fc.record({
    queued: fc.nat(3_000),
    planning: fc.nat(3_000),
    creating: fc.nat(3_000),
    starting: fc.nat(9_000),
    health: fc.nat(9_000),
  });
  fc.assert(
    fc.property(
      runs,
      durations,
      fc.array(fc.nat(2_500), { minLength: 50, maxLength: 50 }),
      (run, drawn, waits) => {
        let now = start;
        let before = 0;
        const durations = { ...usual, ...drawn };
        const look = (seen: number) => {
          const { fraction } = progress(run.kind, run.events.slice(0, seen), durations, now);
          expect(fraction).toBeGreaterThanOrEqual(before);
          expect(fraction === 1).toBe(seen === run.events.length && run.end === "succeeded");
          before = fraction;
        };
        // The reader looks between the events, sees each a while after it happened, and once more long after.
        run.events.forEach((event, i) => {
          now = Math.max(now, Date.parse(event.at)) + (waits[i] ?? 0);
          look(i);
          look(i + 1);
        });
        now += 1_000_000;
        look(run.events.length);
      },
    ),
  );
});
