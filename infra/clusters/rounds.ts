import { setTimeout as pause } from "node:timers/promises";

const mostPauseMs = 30_000;

export type Rounds = {
  /** begins the next round now, or right after the one that is under way */
  soon(): void;
  /** settles once the signal has ended them */
  ended: Promise<void>;
};

/**
 * Does something again and again, never twice at once. After a failure the pauses grow, up to half a minute.
 *
 * @param round does it once. @returns milliseconds until the next
 * @param told.failing is called when a round fails after one that went well, `well` the other way round
 */
export function rounds(
  round: () => Promise<number>,
  signal: AbortSignal,
  told: { failing(error: unknown): void; well(): void },
): Rounds {
  let waking = new AbortController();
  let failures = 0;
  const once = async (): Promise<number> => {
    const begun = performance.now();
    try {
      const next = await round();
      if (failures > 0) told.well();
      failures = 0;
      return next;
    } catch (error) {
      // One that went well for so long is interrupted for the first time.
      if (performance.now() - begun > mostPauseMs) failures = 0;
      if (failures++ === 0 && !signal.aborted) told.failing(error);
      return Math.min(1_000 * 2 ** (failures - 1), mostPauseMs);
    }
  };
  const run = async () => {
    while (!signal.aborted) {
      waking = new AbortController();
      const next = await once();
      await pause(next, undefined, { signal: AbortSignal.any([signal, waking.signal]) }).catch(
        () => undefined,
      );
    }
  };
  return { soon: () => waking.abort(), ended: run() };
}
