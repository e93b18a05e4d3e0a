/**
 * Does the same to each of a list, some at once. The first failure ends the others, and is thrown when they have ended.
 *
 * @param atOnce the most that are under way
 * @param signal given on to the work, and aborted by the first failure too
 */
export async function inParallel<T>(
  atOnce: number,
  list: readonly T[],
  work: (one: T, signal: AbortSignal) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  const failing = new AbortController();
  const ending = signal ? AbortSignal.any([signal, failing.signal]) : failing.signal;
  const waiting = list.values();
  const lane = async () => {
    // All lanes take from the one iterator.
    for (const one of waiting) {
      ending.throwIfAborted();
      try {
        await work(one, ending);
      } catch (error) {
        failing.abort(error);
        throw error;
      }
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: atOnce }, lane));
  if (lanes.every(({ status }) => status === "fulfilled")) return;
  signal?.throwIfAborted();
  throw failing.signal.reason;
}
