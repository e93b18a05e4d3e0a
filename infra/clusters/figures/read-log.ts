import type { Readable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import type { Attended } from "#infra/clusters/attended.ts";
import { gulps } from "#infra/clusters/figures/gulps.ts";
import { LineFilter, type LogPosition } from "#infra/clusters/figures/log-position.ts";
import { positionName, StoredPosition } from "#infra/clusters/figures/stored-position.ts";
import { findPod, proxyContainer, type Pod } from "#infra/clusters/own-objects.ts";
import { parseLogLine, type LogLine } from "#infra/haproxy/log-format.ts";
import { ApiError } from "#infra/kubernetes/api-client.ts";
import { followLog } from "#infra/kubernetes/follow-log.ts";
import { parseTimedLine } from "#infra/kubernetes/timed-line.ts";
import type { RequestCounter } from "#infra/traffic/count-requests.ts";
import { publish } from "#lib/changes/publish.ts";
import { namespaceOf } from "#lib/targets/kubernetes/settings.ts";

/** What was read in this time is stored in one statement. */
const gatherMs = 1_000;

/** Counts what one HAProxy pod logs of requests, each once. */
export class PodLogReader {
  readonly #attended: Attended;
  readonly #pod: Pod;
  readonly #counter: RequestCounter;
  readonly #position: StoredPosition;

  constructor(attended: Attended, pod: Pod, counter: RequestCounter) {
    this.#attended = attended;
    this.#pod = pod;
    this.#counter = counter;
    const { db, id, log } = attended;
    const about = { deployment: id, pod: pod.name };
    this.#position = new StoredPosition(db, positionName(id, pod.uid), {
      refused: (error) => log.warn({ ...about, err: error }, "requests are counted, but can't be stored"),
      failing: (error) =>
        log.warn({ ...about, err: error }, "what was counted can't be stored, and is tried again"),
      well: () => log.info(about, "what was counted is stored again"),
    });
  }

  /**
   * Reads until the container or the connection ends.
   *
   * @returns false once the pod is gone
   * @throws what kept it from reading on
   */
  async read(signal: AbortSignal): Promise<boolean> {
    const { api, id } = this.#attended;
    const pod = await findPod(api, id, this.#pod.name, signal);
    if (pod?.uid !== this.#pod.uid) return false;
    if (!pod.container) return true;
    const position = await this.#position.read();
    const filter = new LineFilter(position);
    const { id: container, restarts } = pod.container;
    const isOther = position?.container !== container;
    if (isOther && restarts > 0) await this.#readPrevious(filter, position, signal);
    const log = await followLog(this.#attended.access, this.#log(filter.position), signal);
    if (log) await this.#count(log, filter, container, signal);
    return true;
  }

  /** What the container before had to say, as far as it wasn't read yet. */
  async #readPrevious(filter: LineFilter, position: LogPosition | null, signal: AbortSignal): Promise<void> {
    const asked = { ...this.#log(position), previous: true };
    const log = await followLog(this.#attended.access, asked, signal).catch((error: unknown) => {
      // The node has cleared it away.
      if (error instanceof ApiError && (error.status === 400 || error.status === 404)) return null;
      throw error;
    });
    if (log) await this.#count(log, filter, position?.container ?? "", signal);
  }

  #log(position: LogPosition | null) {
    return {
      namespace: namespaceOf(this.#attended.id),
      pod: this.#pod.name,
      container: proxyContainer,
      ...(position && { since: new Date(position.time) }),
    };
  }

  async #count(log: Readable, filter: LineFilter, container: string, signal: AbortSignal): Promise<void> {
    let rest: Buffer = Buffer.alloc(0);
    for await (const chunk of gulps(log)) {
      const bytes = Buffer.concat([rest, chunk]);
      const end = bytes.lastIndexOf(0x0a) + 1;
      rest = bytes.subarray(end);
      const lines = newRequests(bytes.toString("utf8", 0, end), filter, container);
      if (lines.length > 0 && filter.position) {
        await this.#position.store(this.#counter.count(lines), filter.position, signal);
        await publish(this.#attended.db, { topic: "deployment", deploymentId: this.#attended.id });
      }
      await pause(gatherMs, undefined, { signal });
    }
  }
}

/** The requests in these lines that weren't read before. HAProxy's own words are between them. */
function newRequests(text: string, filter: LineFilter, container: string): LogLine[] {
  return text.split("\n").flatMap((line) => {
    const timed = parseTimedLine(line);
    const request = timed && parseLogLine(timed.line);
    return request && filter.take(timed.time, container) ? [request] : [];
  });
}
