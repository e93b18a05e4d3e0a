export type Terminal = {
  /** one line that stays */
  say(line: string): void;
  /** Runs a piece of work, with what it does shown while it lasts and how long it took when it is over. */
  step<T>(doing: string, done: string, work: () => Promise<T>): Promise<T>;
};

/**
 * What `npm start` shows: a line per step, calm enough to be read. On a terminal the line of a step under way is
 * replaced by that of the finished one; in a file both stand, but quick steps show only the second.
 */
export function openTerminal(out: NodeJS.WriteStream = process.stdout): Terminal {
  return {
    say: (line) => void out.write(`${line}\n`),
    async step(doing, done, work) {
      const began = performance.now();
      const tell = (so: string) => void out.write(out.isTTY ? `\r  … ${doing}${so}` : `  … ${doing}${so}\n`);
      const show = setTimeout(() => tell(""), 700);
      // A slow machine takes minutes for some: nobody is to think that it hangs.
      const again = setInterval(
        () => tell(`, ${Math.round((performance.now() - began) / 1000)} s so far`),
        out.isTTY ? 5_000 : 30_000,
      );
      const clear = () => {
        clearTimeout(show);
        clearInterval(again);
        if (out.isTTY) out.write("\r\x1b[2K");
      };
      try {
        const result = await work();
        clear();
        out.write(`  ✓ ${done} (${((performance.now() - began) / 1000).toFixed(1)} s)\n`);
        return result;
      } catch (error) {
        clear();
        throw error;
      }
    },
  };
}
