import type { Attended } from "#infra/clusters/attended.ts";
import { PodLogReader } from "#infra/clusters/figures/read-log.ts";
import { readMetrics, type Load } from "#infra/clusters/figures/read-metrics.ts";
import { positionName, positionPrefix } from "#infra/clusters/figures/stored-position.ts";
import { listPods, ownsNamespace, readyByVariant, type Pod } from "#infra/clusters/own-objects.ts";
import { rounds } from "#infra/clusters/rounds.ts";
import type { LogLine } from "#infra/haproxy/log-format.ts";
import { RequestCounter } from "#infra/traffic/count-requests.ts";
import { Gauges } from "#infra/traffic/gauges.ts";
import { namespaceOf } from "#lib/targets/kubernetes/settings.ts";
import { countedBy } from "#lib/traffic/counts.ts";

/** A log that has ended is looked at again after this: its container may have been started again. */
const readAgainMs = 2_000;
/** What a pod that is gone has still to say is on its way. */
const lastWordsMs = 10_000;
/** Addresses of replicas that are known, those of past ones among them. */
const mostReplicas = 1_000;

type Reading = { ended: Promise<void>; stop(): void };

/** Reads what one deployment's load balancer counts: its pods' logs all the time, their figures once a round. */
export class FigureReader {
  readonly #attended: Attended;
  readonly #gauges = new Gauges();
  readonly #counter: RequestCounter;
  /** by the pod's uid */
  readonly #reading = new Map<string, Reading>();
  /** uids of those whose exporter didn't answer */
  readonly #silent = new Set<string>();
  /** ids of replicas by their pods' addresses */
  readonly #replicas = new Map<string, string>();

  constructor(attended: Attended) {
    this.#attended = attended;
    this.#counter = new RequestCounter(({ i }: LogLine) =>
      i === undefined ? null : (this.#replicas.get(i) ?? null),
    );
  }

  /** One look. @throws what kept it from seeing all there is */
  async round(): Promise<void> {
    const { api, id, signal, db, clock } = this.#attended;
    if (!(await ownsNamespace(api, id, signal))) return;
    const [ready, pods] = await Promise.all([readyByVariant(api, id, signal), listPods(api, id, signal)]);
    await this.#learnReplicas(pods);
    const proxies = pods.filter(({ role }) => role === "proxy");
    await this.#follow(proxies);
    const loads = await this.#loads(proxies);
    const now = clock.now().getTime();
    for (const [variant, replicasReady] of ready) {
      const load = loads.get(variant) ?? { inFlight: 0, queued: 0 };
      const gauge = { deploymentId: id, variant, ...load, replicasReady };
      this.#gauges.add({ ...gauge, countsRequests: countedBy(this.#attended.spec) === "proxy" }, now);
    }
    await this.#gauges.write(db, now);
  }

  /** Settles once nothing is read any more. */
  async ended(): Promise<void> {
    await Promise.all([...this.#reading.values()].map(({ ended }) => ended));
  }

  async #learnReplicas(pods: Pod[]): Promise<void> {
    const { db, id } = this.#attended;
    const rows = await db.replica.findMany({
      where: { deploymentId: id, pod: { not: null } },
      select: { id: true, pod: true },
    });
    const ids = new Map(rows.map((row) => [row.pod, row.id]));
    for (const { name, addresses } of pods) {
      const replica = ids.get(name);
      if (replica) for (const address of addresses) this.#replicas.set(address, replica);
    }
    for (const address of this.#replicas.keys()) {
      if (this.#replicas.size <= mostReplicas) break;
      this.#replicas.delete(address);
    }
  }

  /** Reads the log of each HAProxy that is there; one that is gone has a moment for its last words. */
  async #follow(proxies: Pod[]): Promise<void> {
    const { db, id } = this.#attended;
    const there = new Set(proxies.map(({ uid }) => uid));
    for (const pod of proxies) {
      if (!this.#reading.has(pod.uid)) this.#reading.set(pod.uid, this.#begin(pod));
    }
    for (const [uid, reading] of this.#reading) if (!there.has(uid)) reading.stop();
    for (const uid of this.#silent) if (!there.has(uid)) this.#silent.delete(uid);
    await db.setting.deleteMany({
      where: {
        name: {
          startsWith: `${positionPrefix}${id}/`,
          notIn: [...there, ...this.#reading.keys()].map((uid) => positionName(id, uid)),
        },
      },
    });
  }

  #begin(pod: Pod): Reading {
    const { signal, log, id } = this.#attended;
    const over = new AbortController();
    const either = AbortSignal.any([signal, over.signal]);
    const reader = new PodLogReader(this.#attended, pod, this.#counter);
    let timer: NodeJS.Timeout | undefined;
    const reading = rounds(
      async () => {
        if (!(await reader.read(either))) over.abort();
        return readAgainMs;
      },
      either,
      {
        failing: (error) =>
          log.info({ deployment: id, pod: pod.name, err: error }, "reading a log was interrupted"),
        well: () => undefined,
      },
    );
    const ended = reading.ended.finally(() => {
      clearTimeout(timer);
      this.#reading.delete(pod.uid);
    });
    return { ended, stop: () => void (timer ??= setTimeout(() => over.abort(), lastWordsMs)) };
  }

  /** What all of them together work on, as far as they say. */
  async #loads(proxies: Pod[]): Promise<Map<string, Load>> {
    const running = proxies.filter(({ container }) => container?.isRunning);
    const loads = new Map<string, Load>();
    for (const load of await Promise.all(running.map((pod) => this.#loadOf(pod)))) {
      for (const [variant, { inFlight, queued }] of load) {
        const sum = loads.get(variant) ?? { inFlight: 0, queued: 0 };
        loads.set(variant, { inFlight: sum.inFlight + inFlight, queued: sum.queued + queued });
      }
    }
    return loads;
  }

  /** One that doesn't say has no say: the others' figures are shown, and it is told of once. */
  async #loadOf({ name, uid, isLeaving }: Pod): Promise<Map<string, Load>> {
    const { access, id, signal, log } = this.#attended;
    try {
      const load = await readMetrics(access, { namespace: namespaceOf(id), name }, signal);
      this.#silent.delete(uid);
      return load;
    } catch (error) {
      if (!isLeaving && !signal.aborted && !this.#silent.has(uid)) {
        log.warn({ deployment: id, pod: name, err: error }, "a HAProxy doesn't say what it works on");
      }
      this.#silent.add(uid);
      return new Map();
    }
  }
}
