import { describe, expect, it } from "vitest";
import { splitLeft, whatIsLeft, type Existing } from "#lib/deployments/what-is-left.ts";
import type { OperationKind } from "#lib/operations/status.ts";

const both: Existing = { made: ["Endpoint endpoint", "Model server main"], perhaps: ["Pool main"] };

describe("what is left", () => {
  it.each<[string, OperationKind, boolean, Existing | null]>([
    ["a tear-down", "destroy", true, both],
    ["a change of what still answers", "update", true, both],
    ["what couldn't be looked at", "deploy", false, null],
    ["what made nothing", "deploy", false, { made: [], perhaps: [] }],
    ["what made something", "deploy", false, both],
    ["what was only being made", "deploy", false, { ...both, made: [] }],
  ])("after %s is known again in the message that it ends", (_what, ...of) => {
    const said = "The port is taken. Stop it.\nError: EADDRINUSE\n    at listen";
    const left = whatIsLeft(...of).join(" ");
    expect(left).not.toBe("");
    expect(splitLeft(`${said} ${left}`)).toEqual({ said, left });
  });

  it("is nothing in a message that has none", () => {
    expect(splitLeft("It ended.")).toEqual({ said: "It ended.", left: "" });
  });
});
