import { expect, test } from "vitest";
import { declaredInputs } from "#infra/engine/declared-inputs.ts";

test("what a plugin added to the inputs is left out, at every depth, and nothing else", () => {
  const state = {
    __defaults: ["deletionProtection"],
    name: "a",
    deletionProtection: true,
    labels: { __defaults: [], own: "x" },
    allows: [{ __defaults: ["priority"], protocol: "tcp", priority: 1000 }],
    nothing: null,
  };
  expect(declaredInputs(state)).toEqual({
    name: "a",
    labels: { own: "x" },
    allows: [{ protocol: "tcp" }],
    nothing: null,
  });
});

test("inputs of a plugin that adds nothing stay as they are", () => {
  const inputs = { metadata: { name: "a" }, list: [1, "b", [2]] };
  expect(declaredInputs(inputs)).toEqual(inputs);
});
