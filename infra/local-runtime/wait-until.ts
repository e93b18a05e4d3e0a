/**
 * Looks every `everyMs` until `look` finds something.
 *
 * @returns what it found; `undefined` after `boundMs`
 * @throws the signal's reason once it is aborted, and what `look` throws
 */
export async function waitUntil<T>(
  look: () => T | undefined | Promise<T | undefined>,
  options: { signal?: AbortSignal; everyMs?: number; boundMs?: number },
): Promise<T | undefined> {
  const { signal, everyMs = 50, boundMs = Infinity } = options;
  const giveUpAt = performance.now() + boundMs;
  for (;;) {
    signal?.throwIfAborted();
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > giveUpAt) return undefined;
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
