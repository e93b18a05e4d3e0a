/**
 * Gives work a signal that is aborted when its time is over or the engine stops it.
 *
 * @throws Error of the plugin's words when the time is over
 */
export async function withinTime<Result>(
  seconds: number,
  stopping: AbortSignal,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const late = new AbortController();
  const timer = setTimeout(() => {
    late.abort(new Error(`timeout while waiting for state to become 'DONE' (timeout: ${seconds}s)`));
  }, seconds * 1000);
  try {
    return await work(AbortSignal.any([stopping, late.signal]));
  } finally {
    clearTimeout(timer);
  }
}
