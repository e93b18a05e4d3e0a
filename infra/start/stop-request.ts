export type StopRequest = {
  signal: AbortSignal;
  asked: Promise<void>;
  /** resolves when a person asks again, since it takes too long */
  insisted: Promise<void>;
};

type Asker = {
  on(event: string, listener: () => void): unknown;
  once(event: string, listener: () => void): unknown;
  connected?: boolean;
};

/**
 * Listens for being asked to stop: Ctrl-C, SIGTERM, or the end of the process that started us. Ctrl-C often
 * comes twice at once (from the terminal and from npm), so only one that comes a second later is impatience.
 *
 * @param now in milliseconds
 */
export function onStopRequest(asker: Asker = process, now = () => performance.now()): StopRequest {
  const controller = new AbortController();
  const asked = Promise.withResolvers<void>();
  const insisted = Promise.withResolvers<void>();
  let first: number | null = null;
  const ask = () => {
    if (first !== null && now() - first > 1_000) insisted.resolve();
    first ??= now();
    controller.abort(new Error("Sluice was asked to stop."));
    asked.resolve();
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) asker.on(signal, ask);
  if (asker.connected) asker.once("disconnect", () => first === null && ask());
  return { signal: controller.signal, asked: asked.promise, insisted: insisted.promise };
}
