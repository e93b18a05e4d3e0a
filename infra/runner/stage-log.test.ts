import { expect, test } from "vitest";
import { engineStageLog, stageLog } from "#infra/runner/stage-log.ts";
import type { EngineEvent } from "#infra/engine/driver.ts";
import type { OperationEvent } from "#lib/operations/events.ts";
import { localTypes } from "#lib/targets/local/plan.ts";
import type { PlannedChange } from "#lib/targets/plan.ts";

const { endpoint, modelServer, pool, routes } = localTypes;

function scene(types: string[]) {
  const told: string[] = [];
  const emit = (event: OperationEvent) => {
    if (event.kind === "stage_started") told.push(`${event.stage}…`);
    if (event.kind === "stage_ended") told.push(`${event.stage} ${event.ok}`);
  };
  const log = stageLog(emit);
  const changes = types.map((type): PlannedChange => ({
    type,
    name: "main",
    change: "create",
    summary: "",
    fields: [],
  }));
  const engine = engineStageLog(log, changes);
  const step = (kind: "resource_started" | "resource_ended", type: string, ok = true) => {
    const about = { resource: { type, name: "main" }, change: "create" as const };
    const event: EngineEvent =
      kind === "resource_started" ? { kind, ...about } : { kind, ...about, ok, durationMs: 1 };
    engine.around(event, () =>
      told.push(`${type.split(":").at(-1)} ${kind === "resource_started" ? "…" : ok}`),
    );
  };
  return {
    told,
    log,
    engine,
    start: (type: string) => step("resource_started", type),
    end: (type: string, ok = true) => step("resource_ended", type, ok),
  };
}

test("steps that overlap give stages in order, each begun and ended once, around their steps", () => {
  const { told, start, end, engine } = scene([endpoint, modelServer, pool, routes]);
  start(modelServer);
  start(endpoint);
  end(modelServer);
  end(endpoint);
  start(pool);
  end(pool);
  start(routes);
  end(routes);
  engine.finish();
  expect(told).toEqual([
    "creating…",
    "starting…",
    "ModelServer …",
    "Endpoint …",
    "ModelServer true",
    "Endpoint true",
    "creating true",
    "starting true",
    "health…",
    "Pool …",
    "Pool true",
    "Routes …",
    "Routes true",
    "health true",
  ]);
});

test("a failed step leaves its stage open, to be ended as failed", () => {
  const { told, start, end, log } = scene([endpoint, modelServer]);
  start(endpoint);
  end(endpoint);
  start(modelServer);
  end(modelServer, false);
  log.endAll(false);
  expect(told.slice(-2)).toEqual(["ModelServer false", "starting false"]);
  expect(told).toContain("creating true");
});

test("an engine that had nothing to do still goes through its stages", () => {
  const { told, engine } = scene([]);
  engine.finish();
  expect(told).toEqual([
    "creating…",
    "creating true",
    "starting…",
    "starting true",
    "health…",
    "health true",
  ]);
});
