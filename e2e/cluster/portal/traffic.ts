import { setTimeout as pause } from "node:timers/promises";

/** Steady requests from several callers, each with its next one a moment after its last answer. */
export class Traffic implements AsyncDisposable {
  /** what was answered: a status, or why there was no answer */
  readonly answers: (number | string)[] = [];
  #isOver = false;
  readonly #callers: Promise<void>[];

  /**
   * @param send one request; every second caller is told to keep no connection
   * @param pauseMs between an answer and the next request
   */
  constructor(callers: number, send: (headers: Record<string, string>) => Promise<Response>, pauseMs = 20) {
    this.#callers = Array.from({ length: callers }, async (_, index) => {
      const headers: Record<string, string> = index % 2 === 1 ? { connection: "close" } : {};
      while (!this.#isOver) {
        this.answers.push(await this.#once(() => send(headers)));
        await pause(pauseMs);
      }
    });
  }

  get failed(): (number | string)[] {
    return this.answers.filter((answer) => answer !== 200);
  }

  /** No new request; resolves when the last one is answered. */
  async end(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#callers);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.end();
  }

  async #once(send: () => Promise<Response>): Promise<number | string> {
    try {
      const answer = await send();
      await answer.arrayBuffer();
      return answer.status;
    } catch (error) {
      const { message, cause } = error as Error;
      return `${new Date().toISOString()} ${message}: ${String(cause)}`;
    }
  }
}
