import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { appendEvents, readTimeline } from "#components/operations/timeline.ts";
import { tookWords } from "#components/operations/took-words.ts";
import type { OperationEvent, RecordedEvent } from "#lib/operations/events.ts";

const server = { type: "sluice:local:ModelServer", name: "main" };
const pool = { type: "sluice:local:Pool", name: "main" };

function recorded(...events: OperationEvent[]): RecordedEvent[] {
  return events.map((event, index) => ({
    ...event,
    seq: index + 1,
    at: new Date(1_000 * index).toISOString(),
    attempt: 1,
  }));
}

const running = recorded(
  { kind: "stage_started", stage: "queued" },
  { kind: "stage_ended", stage: "queued", ok: true, durationMs: 400 },
  { kind: "stage_started", stage: "planning" },
  {
    kind: "planned",
    resources: [
      { ...server, change: "create" },
      { ...pool, change: "create" },
    ],
  },
  { kind: "stage_ended", stage: "planning", ok: true, durationMs: 900 },
  { kind: "stage_started", stage: "starting" },
  { kind: "resource_started", resource: server, change: "create" },
  { kind: "log", level: "info", source: "engine", text: "creating" },
);

describe("readTimeline", () => {
  it("shows every stage of the kind before anything began", () => {
    const { stages } = readTimeline("destroy", []);
    expect(stages.map((line) => [line.stage, line.state])).toEqual([
      ["queued", "waiting"],
      ["planning", "waiting"],
      ["deleting", "waiting"],
      ["checking", "waiting"],
    ]);
  });

  it("tells what keeps replicas from being ready, until they are", () => {
    const text = "The image model:1 can't be pulled.\nback-off";
    const waiting = [
      ...running,
      ...recorded({ kind: "log", level: "warning", source: "engine", text: "an input is deprecated" }),
      ...recorded({ kind: "log", level: "warning", source: "runtime", text }),
    ];
    expect(readTimeline("deploy", running).trouble).toBeNull();
    expect(readTimeline("deploy", waiting).trouble).toEqual({
      message: "The image model:1 can't be pulled.",
      at: waiting.at(-1)?.at,
    });
    const healthy = recorded({ kind: "stage_ended", stage: "health", ok: true, durationMs: 1 });
    expect(readTimeline("deploy", [...waiting, ...healthy]).trouble).toBeNull();
  });

  it("follows stages, resources and log", () => {
    const timeline = readTimeline("deploy", running);
    expect(timeline.stages.find((line) => line.stage === "queued")).toMatchObject({
      state: "done",
      durationMs: 400,
    });
    expect(timeline.stages.find((line) => line.stage === "starting")?.state).toBe("running");
    expect(timeline.resources.map((line) => line.state)).toEqual(["running", "waiting"]);
    expect(timeline.log).toEqual([expect.objectContaining({ seq: 8, text: "creating" })]);
    expect(timeline.ended).toBeNull();
  });

  it("leaves nothing waiting or running after a failure", () => {
    const ended = {
      kind: "ended",
      status: "failed",
      code: "start_failed",
      message: "It ended at once.",
    } as const;
    const timeline = readTimeline("deploy", recorded(...running, ended));
    expect(timeline.resources.map((line) => line.state)).toEqual(["failed", "untouched"]);
    expect(timeline.stages.map((line) => line.state)).toEqual([
      "done",
      "done",
      "skipped",
      "failed",
      "skipped",
      "skipped",
    ]);
    expect(timeline.ended?.message).toBe("It ended at once.");
  });

  it("says of a stage that was under way when another failed that it was stopped", () => {
    const endpoint = { type: "sluice:local:Endpoint", name: "endpoint" };
    const events = recorded(
      { kind: "stage_started", stage: "creating" },
      { kind: "resource_started", resource: endpoint, change: "create" },
      { kind: "stage_started", stage: "starting" },
      { kind: "resource_ended", resource: endpoint, change: "create", ok: false, durationMs: 900 },
      { kind: "resource_ended", resource: server, change: "create", ok: true, durationMs: 200 },
      { kind: "stage_ended", stage: "creating", ok: false, durationMs: 1000 },
      { kind: "stage_ended", stage: "starting", ok: false, durationMs: 1000 },
      { kind: "ended", status: "failed", code: "port_taken", message: "The port is taken." },
    );
    const states = new Map(readTimeline("deploy", events).stages.map(({ stage, state }) => [stage, state]));
    expect([states.get("creating"), states.get("starting"), states.get("health")]).toEqual([
      "failed",
      "stopped",
      "skipped",
    ]);
  });

  it("doesn't call failed what was cancelled", () => {
    const events = recorded(
      { kind: "stage_started", stage: "deleting" },
      // The engine's step fails when the engine is told to stop.
      { kind: "resource_ended", resource: server, change: "delete", ok: false, durationMs: 200 },
      { kind: "stage_ended", stage: "deleting", ok: false, durationMs: 1000 },
      { kind: "ended", status: "cancelled", code: "cancelled", message: "It was cancelled." },
    );
    const { stages } = readTimeline("destroy", events);
    expect(stages.find(({ stage }) => stage === "deleting")?.state).toBe("stopped");
  });

  it("says which stage of a tear-down failed", () => {
    const events = recorded(
      { kind: "stage_started", stage: "deleting" },
      { kind: "resource_ended", resource: server, change: "delete", ok: false, durationMs: 200 },
      { kind: "stage_ended", stage: "deleting", ok: false, durationMs: 1000 },
      { kind: "ended", status: "failed", code: "engine_failed", message: "It can't be deleted." },
    );
    const { stages } = readTimeline("destroy", events);
    expect(stages.find(({ stage }) => stage === "deleting")?.state).toBe("failed");
  });

  it("says who asked to stop it", () => {
    const timeline = readTimeline("deploy", recorded(...running, { kind: "cancel_requested", by: "Ada" }));
    expect(timeline.cancelledBy).toBe("Ada");
  });
});

describe("appendEvents", () => {
  it("keeps what is there where nothing new was read", () => {
    const have = running.slice(0, 3);
    expect(appendEvents(have, running.slice(0, 2))).toBe(have);
  });
  it("stops before a gap, and goes on once it is filled", () => {
    const have = appendEvents([], [running[0]!, running[2]!]);
    expect(have.map((event) => event.seq)).toEqual([1]);
    expect(appendEvents(have, running.slice(1, 3)).map((event) => event.seq)).toEqual([1, 2, 3]);
  });
  it("has no gap and no repeat, whatever pages come in whatever order", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(8), fc.nat(8))), (pages) => {
        let have: readonly RecordedEvent[] = [];
        for (const [from, count] of pages) have = appendEvents(have, running.slice(from, from + count));
        expect(have.map((event) => event.seq)).toEqual(have.map((_, index) => index + 1));
      }),
    );
  });
});

describe("tookWords", () => {
  const stage = (durationMs: number | null) =>
    [{ stage: "queued", state: "done", startedAt: null, durationMs }] as const;
  it("tells work from waiting, if there was any to speak of", () => {
    const words = (durationMs: number | null) =>
      tookWords("2026-01-01T00:00:00.000Z", "2026-01-01T00:02:15.000Z", stage(durationMs));
    expect(words(132_000)).toBe("took 2 min 15 s, of it 2 min 12 s waiting");
    expect(words(20)).toBe("took 2 min 15 s");
    expect(words(null)).toBe("took 2 min 15 s");
  });
});
