import type { PulumiFn } from "@pulumi/pulumi/automation/index.js";
import { EngineError } from "#infra/engine/driver.ts";

/**
 * A program, and whether it declared what it wants. Where the SDK loses the engine before it runs a program, it passes
 * over the error, as one of which the engine has told; then the engine takes the program for one that wants nothing.
 * This comes after that: it keeps such a run from counting as one that went well, and undoes nothing. What is lost
 * after the program has declared all isn't seen here.
 */
export function watchProgram(program: PulumiFn): {
  run: PulumiFn;
  /** @throws EngineError if it didn't come to its end. @param meaning what that means, in a sentence or two */
  assertDeclared(meaning: string): void;
} {
  let hasDeclared = false;
  return {
    async run() {
      const declared = (await program()) as Record<string, unknown> | void;
      hasDeclared = true;
      return declared;
    },
    assertDeclared(meaning) {
      if (hasDeclared) return;
      throw new EngineError("engine_failed", `The engine lost what it was to do. ${meaning}`);
    },
  };
}
