import type { PulumiFn } from "@pulumi/pulumi/automation/index.js";

/**
 * A program, and whether it came to its end. Where the SDK loses the engine before it runs a program, it passes over
 * the error, as one of which the engine has told; then the engine takes the program for one that wants nothing.
 */
export function watchProgram(program: PulumiFn): {
  run: PulumiFn;
  /** @throws Error if it didn't come to its end */
  assertEnded(): void;
} {
  let hasEnded = false;
  return {
    async run() {
      const declared = (await program()) as Record<string, unknown> | void;
      hasEnded = true;
      return declared;
    },
    assertEnded() {
      if (hasEnded) return;
      throw new Error("The engine said that it succeeded, but the program hadn't come to its end.");
    },
  };
}
