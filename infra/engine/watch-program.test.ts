import { expect, test } from "vitest";
import { watchProgram } from "#infra/engine/watch-program.ts";

test("hands on what the program declares", async () => {
  const program = watchProgram(() => Promise.resolve({ ip: "203.0.113.7" }));
  expect(await program.run()).toEqual({ ip: "203.0.113.7" });
  program.assertDeclared("Nothing was changed.");
});

test.each([
  ["was never run", false],
  ["failed in its middle", true],
])("tells a program that %s from one that wants nothing", async (_what, isRun) => {
  const program = watchProgram(() => Promise.reject(new Error("14 UNAVAILABLE")));
  if (isRun) await expect(program.run()).rejects.toThrow("UNAVAILABLE");
  expect(() => program.assertDeclared("Nothing was changed.")).toThrow("lost what it was to do");
});
