import { expect, test } from "vitest";
import { replicasToChoose } from "#components/deployments/replicas-to-choose.ts";

const lines = (...ids: string[]) => ids.map((replicaId) => ({ replicaId }));

test("those that wrote can be chosen, each once", () => {
  expect(replicasToChoose(lines("b", "a", "b"), "")).toEqual(["a", "b"]);
});

test("with one alone there is nothing to choose", () => {
  expect(replicasToChoose(lines("a", "a"), "")).toEqual([]);
  expect(replicasToChoose([], "")).toEqual([]);
});

test("the chosen one stays a choice when its lines are gone: there is a way back to the others", () => {
  expect(replicasToChoose(lines("a"), "b")).toEqual(["a", "b"]);
  expect(replicasToChoose(lines("b"), "b")).toEqual(["b"]);
});
