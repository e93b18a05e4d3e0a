import { expect, test } from "vitest";
import { linesOf } from "#lib/deployments/receipt-lines.ts";
import type { Change, OperationEvent } from "#lib/operations/events.ts";

const step = (
  at: string,
  kind: "resource_started" | "resource_ended",
  name: string,
  change: Change,
  ok = true,
) => {
  const about = { resource: { type: "t", name }, change };
  const event: OperationEvent =
    kind === "resource_started" ? { kind, ...about } : { kind, ...about, ok, durationMs: 1 };
  return { at, event };
};
const names = (lines: { name: string; at: string }[]) => lines.map(({ name, at }) => `${name} ${at}`);

test("what was made and what was deleted, each once, with its time", () => {
  const { created, deleted } = linesOf(
    [
      step("1", "resource_started", "a", "create"),
      step("2", "resource_ended", "a", "create"),
      step("3", "resource_ended", "a", "update"),
      step("4", "resource_ended", "a", "delete"),
    ],
    new Date(9),
  );
  expect(names(created)).toEqual(["a 1"]);
  expect(names(deleted)).toEqual(["a 4"]);
});

test("a replaced one isn't deleted until it is deleted for good", () => {
  const replaced = [
    step("1", "resource_started", "a", "create"),
    step("3", "resource_started", "a", "replace"),
  ];
  expect(names(linesOf(replaced, null).deleted)).toEqual([]);
  expect(names(linesOf([...replaced, step("4", "resource_ended", "a", "delete")], null).deleted)).toEqual([
    "a 4",
  ]);
});

test("one that was made again counts from then", () => {
  const again = [
    step("1", "resource_started", "a", "create"),
    step("2", "resource_ended", "a", "create", false),
    step("3", "resource_started", "a", "replace"),
    step("4", "resource_ended", "a", "replace"),
  ];
  expect(names(linesOf(again, null).created)).toEqual(["a 3"]);
});

test("one whose create never ended counts as made, and as deleted only if nothing was found to be left", () => {
  const cut = [step("1", "resource_started", "a", "create")];
  expect(names(linesOf(cut, null).created)).toEqual(["a 1"]);
  expect(names(linesOf(cut, null).deleted)).toEqual([]);
  expect(names(linesOf(cut, new Date(0)).deleted)).toEqual(["a 1970-01-01T00:00:00.000Z"]);
});

test("a delete that failed isn't one", () => {
  const events = [
    step("1", "resource_started", "a", "create"),
    step("2", "resource_ended", "a", "delete", false),
  ];
  expect(linesOf(events, null).deleted).toEqual([]);
});
