/** Counts of durations in steps of 5 %: a percentile is at most that far off. Milliseconds. */
export class Histogram {
  readonly #counts = new Map<number, number>();
  #total = 0;

  add(ms: number): void {
    const step = ms < 1 ? 0 : Math.round(Math.log(ms) / Math.log(1.05)) + 1;
    this.#counts.set(step, (this.#counts.get(step) ?? 0) + 1);
    this.#total++;
  }

  /** @param share 0..1; `null` without durations */
  percentile(share: number): number | null {
    if (this.#total === 0) return null;
    let seen = 0;
    for (const step of [...this.#counts.keys()].sort((a, b) => a - b)) {
      seen += this.#counts.get(step) ?? 0;
      if (seen >= share * this.#total) return step === 0 ? 0 : Number((1.05 ** (step - 1)).toFixed(1));
    }
    return null;
  }
}
