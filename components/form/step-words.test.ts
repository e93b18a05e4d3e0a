import { expect, test } from "vitest";
import { stepWords } from "#components/form/step-words.ts";

const summary = "2 × registry.example.org/sluice-sentiment:0.2.0";

test("a change says which fields differ, and the image that will run", () => {
  expect(stepWords({ fields: ["metadata", "spec"], summary })).toEqual(["metadata, spec", summary]);
  const reason = "spec can't be changed in place: it is deleted, then made anew.";
  expect(stepWords({ fields: ["spec"], reason, summary })).toEqual([reason, summary]);
});

test("what is made or deleted is said once", () => {
  expect(stepWords({ fields: [], summary })).toEqual([summary]);
  expect(stepWords({ fields: [], summary: "Service main" })).toEqual(["Service main"]);
});
