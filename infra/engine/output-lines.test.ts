import { expect, test } from "vitest";
import type { EngineEvent } from "#infra/engine/driver.ts";
import { outputLines } from "#infra/engine/output-lines.ts";
import { failureText } from "#infra/local-runtime/provider/failure.ts";

function told(...pieces: string[]): string[] {
  const events: EngineEvent[] = [];
  const lines = outputLines((event) => void events.push(event));
  pieces.forEach(lines.push);
  lines.end();
  return events.map((event) => (event.kind === "log" ? event.text : event.kind));
}

test("a person reads what was done, its outputs, the counts and the duration", () => {
  const output = [
    "Updating (dep-x):\n\n",
    "@ updating....\n +  sluice:local:Pool main crea",
    "ting (0s) \n",
    " +  sluice:local:Pool main created (0.02s) ",
    "\n    pulumi:pulumi:Stack sluice-dep-x  2 warnings\n",
    "Diagnostics:\n  pulumi:pulumi:Stack (sluice-dep-x):\n    warning: something\n\n",
    'Outputs:\n    endpoint: {\n        access: "private"\n    }\n\n',
    "Resources:\n    + 1 created\n\nDuration: 2s\n\n",
  ];
  expect(told(...output)).toEqual([
    "Updating (dep-x):",
    " +  sluice:local:Pool main creating (0s)",
    " +  sluice:local:Pool main created (0.02s)",
    "Outputs:",
    "    endpoint: {",
    '        access: "private"',
    "    }",
    "Resources: + 1 created",
    "Duration: 2s",
  ]);
});

test("the stack isn't counted: nobody asked for it", () => {
  const counts = (sign: string, ...lines: string[]) =>
    told(` ${sign}  pulumi:pulumi:Stack sluice-dep-x done (1s) 1 warning\n`, "Resources:\n", ...lines);
  expect(counts("+", "    + 5 created\n")).toEqual(["Resources: + 4 created"]);
  expect(counts("-", "    - 5 deleted\n")).toEqual(["Resources: - 4 deleted"]);
  expect(counts(" ", "    5 unchanged\n")).toEqual(["Resources: 4 unchanged"]);
  expect(counts(" ", "    ~ 2 updated\n    1 unchanged\n")).toEqual(["Resources: ~ 2 updated"]);
  const lines = ["    + 3 created\n", "    ~ 1 updated\n", "    4 changes. 2 unchanged\n"];
  expect(counts("+", ...lines)).toEqual([
    "Resources: + 2 created",
    "Resources: ~ 1 updated",
    "Resources: 3 changes. 2 unchanged",
  ]);
  expect(counts("+", "    + 1 created\n")).toEqual([]);
});

test("no colour, nothing that only machines read, and no more than a bounded lot", () => {
  const failure = failureText({ code: "start_failed", message: "It ended.", logLines: ["boom"] });
  expect(told(`\u001b[31m +  Pool main **creating failed** error: ${failure}\u001b[0m\n`)).toEqual([
    " +  Pool main **creating failed** error: It ended.",
  ]);
  const many = told("x".repeat(10_000) + "\n", ...Array.from({ length: 5_000 }, (_, i) => `line ${i}\n`));
  expect(many[0]).toHaveLength(500);
  expect(many).toHaveLength(1_001);
  expect(many.at(-1)).toContain("said more");
});
