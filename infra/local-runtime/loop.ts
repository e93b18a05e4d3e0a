export type Loop = {
  /** Runs it now, or right after the run that is under way. */
  soon(): void;
  stop(): Promise<void>;
};

/**
 * Runs `work` again and again, `everyMs` after the last run ended, never two at once.
 *
 * @param onError gets what a run threw; the loop goes on
 */
export function every(
  everyMs: number,
  work: () => Promise<void> | void,
  onError: (error: unknown) => void,
): Loop {
  let stopped = false;
  let again = false;
  let wake = () => {};
  const run = async () => {
    while (!stopped) {
      again = false;
      try {
        await work();
      } catch (error) {
        onError(error);
      }
      if (stopped) return;
      if (again) continue;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, everyMs);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  };
  const running = run();
  return {
    soon() {
      again = true;
      wake();
    },
    async stop() {
      stopped = true;
      wake();
      await running;
    },
  };
}
