import type { Replica } from "#infra/local-runtime/replicas/replica.ts";
import { longestLine, type LogLine } from "#lib/replicas/record-log-and-steps.ts";

/** Lines that wait for the database; the oldest give way. */
const mostWaiting = 5_000;

/** Takes secrets out of what a replica wrote; `null` while they aren't known. */
type Redact = (deploymentId: string, replicaId: string) => ((line: string) => string) | null;

/** Gathers what replicas write until it can be stored. */
export class LogLines {
  readonly #redact: Redact;
  /** replicas that are gone and whose last lines can't be shown yet */
  readonly #held = new Map<Replica, string>();
  #waiting: LogLine[] = [];

  constructor(redact: Redact) {
    this.#redact = redact;
  }

  /** Lines stay in the file while the secrets that could be in them aren't known. */
  collect(deploymentId: string, replica: Replica, at: Date): void {
    const redact = this.#redact(deploymentId, replica.plan.id);
    if (!redact) return;
    const lines = replica.log
      .read()
      .filter((line) => line !== "")
      .map((line) => ({
        deploymentId,
        replicaId: replica.plan.id,
        at,
        line: redact(line).slice(0, longestLine),
      }));
    if (lines.length > 0) this.#waiting = [...this.#waiting, ...lines].slice(-mostWaiting);
  }

  /** The last time, for the replica is gone. */
  collectLast(deploymentId: string, replica: Replica, at: Date): void {
    if (this.#redact(deploymentId, replica.plan.id)) return this.collect(deploymentId, replica, at);
    this.#held.set(replica, deploymentId);
  }

  /** What was held back and can be shown now. */
  collectHeld(at: Date): void {
    for (const [replica, deploymentId] of this.#held) {
      if (!this.#redact(deploymentId, replica.plan.id)) continue;
      this.#held.delete(replica);
      this.collect(deploymentId, replica, at);
    }
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

/** Lines of a log as they may be shown: without secrets, and none too long. */
export function shown(lines: string[], redact: ((line: string) => string) | null): string[] {
  return redact ? lines.map((line) => redact(line).slice(0, longestLine)) : [];
}
