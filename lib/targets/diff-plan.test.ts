import { expect, test } from "vitest";
import { changedInputs, diffPlan } from "#lib/targets/diff-plan.ts";
import type { PlannedResource } from "#lib/targets/plan.ts";

const resource = (name: string, inputs: Record<string, unknown>): PlannedResource => ({
  type: "t",
  name,
  summary: name,
  inputs,
  dependsOn: [],
});
const changes = (before: PlannedResource[], after: PlannedResource[]) =>
  diffPlan(before, after).map(({ name, change, fields }) => [name, change, fields]);

test("new ones are created, gone ones deleted in the reverse order, equal ones stay", () => {
  const [a, b, c, d] = ["a", "b", "c", "d"].map((name) => resource(name, { x: 1 }));
  expect(changes([a!, b!, c!], [a!, d!])).toEqual([
    ["a", "same", []],
    ["d", "create", []],
    ["c", "delete", []],
    ["b", "delete", []],
  ]);
});

test("a changed input is an update that names it; another port is another address", () => {
  const before = resource("a", { access: "private", port: 8000, z: 1 });
  expect(changes([before], [resource("a", { access: "open", port: 8000, z: 2 })])).toEqual([
    ["a", "update", ["access", "z"]],
  ]);
  expect(changes([before], [resource("a", { access: "private", port: null, z: 1 })])).toEqual([
    ["a", "replace", ["port"]],
  ]);
});

test("the order of keys and an absent null make no difference; the order of a list does", () => {
  expect(
    changedInputs({ a: { x: 1, y: [{ p: 1, q: 2 }] }, n: null }, { a: { y: [{ q: 2, p: 1 }], x: 1 } }),
  ).toEqual([]);
  expect(changedInputs({ a: [1, 2] }, { a: [2, 1] })).toEqual(["a"]);
});
