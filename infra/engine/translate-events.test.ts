import { expect, test } from "vitest";
import { eventTranslator, type RawEvent } from "#infra/engine/translate-events.ts";
import { failureText } from "#infra/local-runtime/provider/failure.ts";

const urn = (type: string, name: string) => `urn:pulumi:dep-x::sluice::${type}::${name}`;
const step = (op: string, type = "sluice:local:Pool", name = "main") => ({
  metadata: { op, type, urn: urn(type, name) },
});
const raw = (sequence: number, event: Omit<RawEvent, "sequence" | "timestamp">): RawEvent => ({
  sequence,
  timestamp: 0,
  ...event,
});
const said = (severity: string, message: string) => ({ diagnosticEvent: { severity, message } });

test("a step is one start and one end with its duration", () => {
  let now = 1000;
  const translator = eventTranslator(() => now);
  const started = translator.push(raw(1, { resourcePreEvent: step("create") }));
  now += 250;
  const ended = translator.push(raw(2, { resOutputsEvent: step("create") }));
  const resource = { type: "sluice:local:Pool", name: "main" };
  expect(started).toEqual([{ kind: "resource_started", resource, change: "create" }]);
  expect(ended).toEqual([{ kind: "resource_ended", resource, change: "create", ok: true, durationMs: 250 }]);
});

test("a failed step ends not ok; a second ending of the same step isn't told", () => {
  const translator = eventTranslator(() => 0);
  translator.push(raw(1, { resourcePreEvent: step("update") }));
  expect(translator.push(raw(2, { resOpFailedEvent: step("update") }))).toMatchObject([{ ok: false }]);
  expect(translator.push(raw(3, { resOutputsEvent: step("update") }))).toEqual([]);
});

test("a replacement is one step", () => {
  const translator = eventTranslator(() => 0);
  const ops = ["delete-replaced", "replace", "create-replacement"];
  const told = ops.flatMap((op, i) => translator.push(raw(i + 1, { resourcePreEvent: step(op) })));
  expect(told.map((event) => event.kind !== "log" && event.change)).toEqual(["replace"]);
});

test("events that come in another order, or twice, are told in the engine's order and once", () => {
  const translator = eventTranslator(() => 0);
  const first = translator.push(raw(5, said("info", "one")));
  const third = translator.push(raw(7, said("info", "three")));
  const second = translator.push(raw(6, said("info", "two")));
  const again = translator.push(raw(6, said("info", "two")));
  const texts = [first, third, second, again].map((events) => events.map((e) => e.kind === "log" && e.text));
  expect(texts).toEqual([["one"], [], ["two", "three"], []]);
  translator.push(raw(9, said("info", "five")));
  expect(translator.rest()).toMatchObject([{ text: "five" }]);
});

test("the stack, the plugin's entry, debug talk and passing words aren't told; errors are kept", () => {
  const translator = eventTranslator(() => 0);
  const quiet = [
    { resourcePreEvent: step("create", "pulumi:pulumi:Stack", "sluice-dep-x") },
    { resourcePreEvent: step("create", "pulumi:providers:sluice", "default") },
    said("debug", "Registering resource"),
    { diagnosticEvent: { severity: "info", message: "working", ephemeral: true } },
    said("info", "using pulumi-resource-sluice from $PATH at /x"),
  ];
  expect(quiet.flatMap((event, i) => translator.push(raw(i + 1, event)))).toEqual([]);
  const failure = failureText({ code: "port_taken", message: "Port 8080 is taken.", logLines: [] });
  const told = translator.push(raw(6, said("error", `<{%fg 1%}>error:<{%reset%}> ${failure}\n`)));
  expect(told).toEqual([
    { kind: "log", level: "error", source: "engine", text: "error: Port 8080 is taken." },
  ]);
  expect(translator.errors).toHaveLength(1);
});

test("what our plugin writes for the machine is kept for the end and told nobody", () => {
  const translator = eventTranslator(() => 0);
  const failure = failureText({ code: "start_failed", message: "It ended.", logLines: ["boom"] });
  expect(translator.push(raw(1, said("debug", `${failure}\n`)))).toEqual([]);
  expect(translator.errors).toEqual([`${failure}\n`]);
});
