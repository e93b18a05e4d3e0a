import type { Db } from "#lib/db.ts";

/** Figures of a variant at one look. */
export type Gauge = {
  deploymentId: string;
  variant: string;
  /** where the load balancer reads no requests, in flight are connections, or nothing is known */
  countsRequests: boolean;
  inFlight: number;
  queued: number;
  replicasReady: number;
};

/** Samples cover five seconds, from a whole multiple of them. */
export const sampleMs = 5_000;

export function sampleStart(at: number): number {
  return at - (at % sampleMs);
}

/** Keeps the highest figures of each five seconds until they can be stored. */
export class Gauges {
  readonly #samples = new Map<string, Gauge & { at: number }>();

  /** @param at milliseconds since 1970 */
  add(gauge: Gauge, at: number): void {
    const start = sampleStart(at);
    const key = `${gauge.deploymentId}/${gauge.variant}/${start}`;
    const known = this.#samples.get(key);
    this.#samples.set(key, {
      ...gauge,
      at: start,
      inFlight: Math.max(gauge.inFlight, known?.inFlight ?? 0),
      queued: Math.max(gauge.queued, known?.queued ?? 0),
    });
    // An hour of a database that is away; the oldest give way.
    if (this.#samples.size > 20_000) this.#samples.delete(this.#samples.keys().next().value ?? "");
  }

  /** Stores the samples whose time is over. */
  async write(db: Db, now: number): Promise<void> {
    const over = [...this.#samples].filter(([, { at }]) => at + sampleMs <= now).slice(0, 2_000);
    if (over.length === 0) return;
    const rows = over.map(([, row]) => row);
    await db.$executeRaw`
      insert into metric_sample (deployment_id, variant, at, requests, errors, server_errors,
        in_flight, queued, replicas_ready)
      select s.deployment_id, s.variant, s.at, s.counted, s.counted, s.counted, s.in_flight, s.queued, s.ready
      from unnest(${rows.map((r) => r.deploymentId)}::text[], ${rows.map((r) => r.variant)}::text[],
        ${rows.map((r) => new Date(r.at))}::timestamptz[], ${rows.map((r) => r.inFlight)}::int[],
        ${rows.map((r) => r.queued)}::int[], ${rows.map((r) => r.replicasReady)}::int[],
        ${rows.map((r) => (r.countsRequests ? 0 : null))}::int[])
        as s(deployment_id, variant, at, in_flight, queued, ready, counted)
      join deployment d on d.id = s.deployment_id
      on conflict (deployment_id, variant, at) do update set
        in_flight = greatest(metric_sample.in_flight, excluded.in_flight),
        queued = greatest(metric_sample.queued, excluded.queued),
        replicas_ready = excluded.replicas_ready`;
    for (const [key] of over) this.#samples.delete(key);
  }
}
