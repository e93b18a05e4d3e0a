import type { SampleView } from "#lib/traffic/list-samples.ts";

const SAMPLE_SECONDS = 5;
/** A sample is written this long after its end: the last step must not look empty because of it. */
const WRITTEN_AFTER_MS = 2_000;

export type Bucket = {
  /** when it begins, in milliseconds since 1970 */
  from: number;
  /** `null`, as errors: the load balancer read no requests then */
  requestsPerSecond: number | null;
  /** answers of 400 and above for which the callers are to blame */
  callerErrorsPerSecond: number | null;
  /** answers of 500 and above, and those that were broken off */
  serverErrorsPerSecond: number | null;
  p50Ms: number | null;
  p95Ms: number | null;
  replicasReady: number | null;
  /** highest seen; `null`, as queued: there was nothing yet */
  inFlight: number | null;
  queued: number | null;
};

/**
 * Sums the samples of all variants (or of one) in even steps up to now. A step without a sample had no request;
 * its latency is unknown. What lies wholly before `since`, in milliseconds since 1970, has no figures at all: there
 * was nothing yet that could have been asked. Latencies of several samples are weighed by their requests, which is as near as the
 * kept figures allow.
 */
export function bucketSamples(
  samples: readonly SampleView[],
  options: { now: number; minutes: number; count: number; since?: number; variant?: string },
): Bucket[] {
  const width = (options.minutes * 60_000) / options.count;
  const end = Math.floor((options.now - WRITTEN_AFTER_MS) / 5_000) * 5_000;
  const start = end - options.minutes * 60_000;
  const groups: SampleView[][] = Array.from({ length: options.count }, () => []);
  for (const sample of samples) {
    if (options.variant && sample.variant !== options.variant) continue;
    const place = Math.floor((Date.parse(sample.at) - start) / width);
    groups[place]?.push(sample);
  }
  return groups.map((group, index) => {
    const from = start + index * width;
    const isBefore = group.length === 0 && from + width <= (options.since ?? -Infinity);
    return isBefore ? { ...nothing, from } : toBucket(group, from, width / 1000);
  });
}

const nothing: Omit<Bucket, "from"> = {
  requestsPerSecond: null,
  callerErrorsPerSecond: null,
  serverErrorsPerSecond: null,
  p50Ms: null,
  p95Ms: null,
  replicasReady: null,
  inFlight: null,
  queued: null,
};

function toBucket(group: readonly SampleView[], from: number, seconds: number): Bucket {
  const perSecond = (pick: (sample: SampleView) => number | null) => {
    if (group.length > 0 && group.every((sample) => pick(sample) === null)) return null;
    const sum = group.reduce((total, sample) => total + (pick(sample) ?? 0), 0);
    return sum / Math.max(seconds, SAMPLE_SECONDS);
  };
  return {
    from,
    requestsPerSecond: perSecond((s) => s.requests),
    callerErrorsPerSecond: perSecond((s) => (s.errors === null ? null : s.errors - (s.serverErrors ?? 0))),
    serverErrorsPerSecond: perSecond((s) => s.serverErrors),
    p50Ms: weighed(group, (s) => s.latencyP50Ms),
    p95Ms: weighed(group, (s) => s.latencyP95Ms),
    replicasReady: readyAtEnd(group),
    inFlight: Math.max(0, ...group.map((s) => s.inFlight)),
    queued: Math.max(0, ...group.map((s) => s.queued)),
  };
}

function weighed(group: readonly SampleView[], pick: (sample: SampleView) => number | null): number | null {
  let requests = 0;
  let total = 0;
  for (const sample of group) {
    const value = pick(sample);
    if (value === null || !sample.requests) continue;
    requests += sample.requests;
    total += value * sample.requests;
  }
  return requests === 0 ? null : total / requests;
}

/** Ready replicas of all variants at the step's last sample. */
function readyAtEnd(group: readonly SampleView[]): number | null {
  if (group.length === 0) return null;
  const last = new Map(group.map((sample) => [sample.variant, sample.replicasReady]));
  return [...last.values()].reduce((a, b) => a + b, 0);
}
