import { setTimeout as pause } from "node:timers/promises";
import { ClusterError } from "#e2e/cluster/cluster-error.ts";

/** Checks look beside each other: more often takes from the machine what they wait for. */
const lookEveryMs = 200;

/**
 * Looks again and again until there is something to return.
 *
 * @param what it waits for, as in "waited 30 s for …"
 * @param look whose error counts as "not yet", and is told at the end
 * @param milliseconds after which it gives up
 * @throws ClusterError `timed_out`, with the last error
 */
export async function waitUntil<T>(
  what: string,
  look: () => Promise<T | null | undefined | false>,
  milliseconds = 60_000,
): Promise<T> {
  const end = performance.now() + milliseconds;
  let last: unknown = null;
  for (;;) {
    try {
      const found = await look();
      if (found) return found;
      last = null;
    } catch (error) {
      if (error instanceof ClusterError && error.reason === "program_ended") throw error;
      last = error;
    }
    if (performance.now() > end) {
      const why = last instanceof Error ? ` (${last.message})` : "";
      throw new ClusterError("timed_out", `Waited ${milliseconds / 1000} s for ${what}, in vain${why}.`, {
        cause: last,
      });
    }
    await pause(lookEveryMs);
  }
}
