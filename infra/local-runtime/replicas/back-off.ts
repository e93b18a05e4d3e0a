/**
 * How long to wait before a replica is started again: not at all the first time and after it had settled, then
 * 1, 2, 4 … seconds.
 *
 * @param quickEndings how often in a row it has ended soon after its start
 */
export function backOff(quickEndings: number, longestMs: number): number {
  if (quickEndings <= 1) return 0;
  return Math.min(1_000 * 2 ** (quickEndings - 2), longestMs);
}
