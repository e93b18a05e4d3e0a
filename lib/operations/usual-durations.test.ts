import { expect, test } from "vitest";
import { googleSpecForTest } from "#lib/deployments/google-spec-for-test.ts";
import type { OperationEvent, RecordedEvent } from "#lib/operations/events.ts";
import { progress } from "#lib/operations/progress.ts";
import { stagesOf } from "#lib/operations/stages.ts";
import type { OperationKind } from "#lib/operations/status.ts";
import { circumstancesOf, usualDurations, type Circumstances } from "#lib/operations/usual-durations.ts";

const own: Circumstances = { target: "gke", cluster: "own", layer: 7 };
const existing: Circumstances = { ...own, cluster: "existing" };

/** Minutes that all stages take together. */
function minutesOf(kind: OperationKind, of: Circumstances): number {
  const usual = usualDurations(kind, of);
  return stagesOf(kind).reduce((sum, stage) => sum + usual[stage], 0) / 60_000;
}

test.each<[string, OperationKind, Circumstances, number, number]>([
  ["a cluster made for it", "deploy", own, 10, 20],
  ["a cluster that is there", "deploy", existing, 2, 6],
  ["an update, which makes no cluster", "update", own, 2, 6],
  ["a cluster deleted with it", "destroy", own, 10, 20],
  ["a namespace deleted", "destroy", existing, 1, 6],
  ["any other cluster", "deploy", { target: "kubernetes", cluster: null, layer: 7 }, 0.3, 2],
  ["this machine", "deploy", { target: "local", cluster: null, layer: 7 }, 0, 0.2],
])("%s takes as long as is expected before anything is learned", (_what, kind, of, least, most) => {
  expect(minutesOf(kind, of)).toBeGreaterThanOrEqual(least);
  expect(minutesOf(kind, of)).toBeLessThanOrEqual(most);
});

test("a bar for a cluster of its own isn't near its end after a minute", () => {
  const start = Date.parse("2026-01-01T00:00:00Z");
  const at = new Date(start).toISOString();
  const creating = { kind: "stage_started", stage: "creating" } as const satisfies OperationEvent;
  const events: RecordedEvent[] = [{ ...creating, seq: 1, at, attempt: 1 }];
  const after = (minutes: number, of: Circumstances) =>
    progress("deploy", events, usualDurations("deploy", of), start + minutes * 60_000).fraction;
  expect(after(1, own)).toBeLessThan(0.1);
  expect(after(8, own)).toBeGreaterThan(after(4, own) + 0.2);
});

test("where it runs is read from its spec", () => {
  const google = googleSpecForTest();
  expect(circumstancesOf({ target: "gke", google, routing: { layer: 4 } })).toEqual({ ...own, layer: 4 });
  expect(circumstancesOf({ target: "local", google: null, routing: { layer: 7 } })).toEqual({
    target: "local",
    cluster: null,
    layer: 7,
  });
});
