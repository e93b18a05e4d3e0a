/** What is right so lately isn't looked at again, unless the keys have changed. */
const trustMs = 60_000;
const firstPauseMs = 1_000;
const mostPauseMs = 30_000;

type Told = { failing(error: unknown): void; well(): void };

/** A place where keys are: what it was last brought to, and when it is to be tried again. */
export class KeyPlace {
  #settled: { text: string; at: number } | null = null;
  #tried = "";
  #isBusy = false;
  #failures = 0;
  #retryAt = 0;

  /**
   * Brings it to these keys, if it isn't known to be there. After a failure with the same keys the pauses grow; other
   * keys are tried at once.
   *
   * @param work is never begun twice at the same time
   * @param told.failing is called at the first failure, `well` when it works again
   */
  bring(text: string, work: () => Promise<void>, told: Told): void {
    const now = performance.now();
    const isRight = this.#settled?.text === text && now - this.#settled.at < trustMs;
    if (this.#isBusy || isRight || (this.#tried === text && now < this.#retryAt)) return;
    this.#isBusy = true;
    this.#tried = text;
    void work()
      .then(
        () => this.#succeed(text, told),
        (error: unknown) => this.#fail(error, told),
      )
      .finally(() => {
        this.#isBusy = false;
      });
  }

  #succeed(text: string, told: Told): void {
    this.#settled = { text, at: performance.now() };
    if (this.#failures > 0) told.well();
    this.#failures = 0;
    this.#retryAt = 0;
  }

  #fail(error: unknown, told: Told): void {
    if (this.#failures++ === 0) told.failing(error);
    this.#retryAt = performance.now() + Math.min(firstPauseMs * 2 ** (this.#failures - 1), mostPauseMs);
  }
}
