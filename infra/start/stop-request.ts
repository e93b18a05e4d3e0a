export type StopRequest = { signal: AbortSignal; asked: Promise<void> };

/**
 * Listens for being asked to stop: Ctrl-C, SIGTERM, or the end of the process that started us. Ctrl-C often
 * comes twice at once (from the terminal and from npm), so only one that comes a second later ends everything
 * without order.
 */
export function onStopRequest(): StopRequest {
  const controller = new AbortController();
  const asked = new Promise<void>((resolve) => {
    controller.signal.addEventListener("abort", () => resolve(), { once: true });
  });
  let first = 0;
  const ask = () => {
    if (first === 0) first = performance.now();
    else if (performance.now() - first > 1_000) process.exit(130);
    controller.abort(new Error("Sluice was asked to stop."));
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, ask);
  if (process.connected) process.once("disconnect", () => first === 0 && ask());
  return { signal: controller.signal, asked };
}
