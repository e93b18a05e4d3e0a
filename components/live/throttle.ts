/** Runs at once, then at most once in `gapMs`; a call in between is made up for at the gap's end. */
export function throttle(run: () => void, gapMs: number): { run(): void; stop(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let again = false;
  const fire = () => {
    run();
    timer = setTimeout(() => {
      timer = undefined;
      if (!again) return;
      again = false;
      fire();
    }, gapMs);
  };
  return {
    run() {
      if (timer === undefined) fire();
      else again = true;
    },
    stop() {
      clearTimeout(timer);
      timer = undefined;
      again = false;
    },
  };
}
