import type { FailureCode } from "#lib/deployments/status.ts";

/** Why a deployment doesn't serve as it should: what makes it `degraded`. */
export type Shortage = { code: FailureCode | null; message: string };

/** A shortage shorter than this is a restart that nobody need read about. */
const shortageMs = 1_000;

/**
 * The rule of every target: a deployment is short while a variant has fewer ready replicas than its least.
 *
 * @param why what is the matter and what happens next, where more is known than that they are missing
 */
export function shortageOf(
  variants: { name: string; ready: number; least: number }[],
  why: Shortage = { code: null, message: "They are being started again." },
): Shortage | null {
  const short = variants
    .filter(({ ready, least }) => ready < least)
    .map(({ name, ready, least }) => `${ready} of ${least} replicas of ${name} are ready`);
  return short.length > 0 ? { code: why.code, message: `${short.join("; ")}. ${why.message}` } : null;
}

/** Tells shortages that last from those that nobody need read about. */
export class Shortages {
  readonly #since = new Map<string, number>();

  /**
   * @param now milliseconds of a clock that only goes forward
   * @returns whether a shortage has lasted; one that hasn't is to be looked at again
   */
  lasts(deploymentId: string, shortage: Shortage | null, now: number): boolean {
    if (shortage === null) {
      this.#since.delete(deploymentId);
      return false;
    }
    const since = this.#since.get(deploymentId) ?? now;
    this.#since.set(deploymentId, since);
    return now - since >= shortageMs;
  }
}
