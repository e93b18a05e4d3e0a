import type { Replica } from "#infra/local-runtime/replicas/replica.ts";

export type LogLine = { deploymentId: string; replicaId: string; at: Date; line: string };

/** Lines that wait for the database; the oldest give way. */
const mostWaiting = 5_000;

/** Gathers what replicas write until it can be stored. */
export class LogLines {
  readonly #redact: (deploymentId: string, line: string) => string;
  #waiting: LogLine[] = [];

  /** @param redact takes a deployment's secrets out of a line */
  constructor(redact: (deploymentId: string, line: string) => string) {
    this.#redact = redact;
  }

  collect(deploymentId: string, replica: Replica, at: Date): void {
    const lines = replica.log
      .read()
      .filter((line) => line !== "")
      .map((line) => ({
        deploymentId,
        replicaId: replica.plan.id,
        at,
        line: this.#redact(deploymentId, line),
      }));
    if (lines.length > 0) this.#waiting = [...this.#waiting, ...lines].slice(-mostWaiting);
  }

  /** What waits, at most `most` lines; they stay until they are `stored`. */
  peek(most = 1_000): LogLine[] {
    return this.#waiting.slice(0, most);
  }

  stored(lines: LogLine[]): void {
    const done = new Set(lines);
    this.#waiting = this.#waiting.filter((line) => !done.has(line));
  }
}
