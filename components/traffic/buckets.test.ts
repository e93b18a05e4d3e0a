import { describe, expect, it } from "vitest";
import { bucketSamples } from "#components/traffic/buckets.ts";
import type { SampleView } from "#lib/traffic/list-samples.ts";

const now = Date.parse("2026-01-01T00:10:02Z");
const last = Date.parse("2026-01-01T00:09:55Z");

function sample(secondsBefore: number, patch: Partial<SampleView> = {}): SampleView {
  return {
    variant: "main",
    at: new Date(last - secondsBefore * 1000).toISOString(),
    requests: 10,
    errors: 0,
    serverErrors: 0,
    latencyP50Ms: 4,
    latencyP95Ms: 9,
    inFlight: 1,
    queued: 0,
    replicasReady: 2,
    ...patch,
  };
}
const options = { now, minutes: 1, count: 6 };

describe("bucketSamples", () => {
  it("ends with the newest sample that can have been written", () => {
    const buckets = bucketSamples([sample(0)], options);
    expect(buckets.map((bucket) => bucket.requestsPerSecond)).toEqual([0, 0, 0, 0, 0, 1]);
  });
  it("loses no request and no error of the time it covers", () => {
    const samples = Array.from({ length: 12 }, (_, index) =>
      sample(index * 5, index === 3 ? { errors: 7, serverErrors: 2 } : {}),
    );
    const buckets = bucketSamples(samples, options);
    const total = (pick: (bucket: (typeof buckets)[number]) => number | null) =>
      buckets.reduce((sum, bucket) => sum + (pick(bucket) ?? 0) * 10, 0);
    expect(total((bucket) => bucket.requestsPerSecond)).toBeCloseTo(120);
    expect(total((bucket) => bucket.callerErrorsPerSecond)).toBeCloseTo(5);
    expect(total((bucket) => bucket.serverErrorsPerSecond)).toBeCloseTo(2);
  });
  it("has no figure of requests where the load balancer reads none, and doesn't call that nothing", () => {
    const unread = { requests: null, errors: null, serverErrors: null };
    const [bucket] = bucketSamples([sample(0, unread)], { ...options, count: 1 });
    const none = { requestsPerSecond: null, callerErrorsPerSecond: null, serverErrorsPerSecond: null };
    expect(bucket).toMatchObject({ ...none, p50Ms: null });
    expect(bucket?.inFlight).toBe(1);
  });
  it("has no figures of the time before there was anything, and zeros after", () => {
    const buckets = bucketSamples([sample(0)], { ...options, since: last - 25_000 });
    expect(buckets.map((bucket) => bucket.requestsPerSecond)).toEqual([null, null, null, 0, 0, 1]);
    expect(buckets.map((bucket) => bucket.inFlight)).toEqual([null, null, null, 0, 0, 1]);
    expect(buckets.map((bucket) => bucket.queued)).toEqual([null, null, null, 0, 0, 0]);
  });
  it("weighs latencies by their requests, and knows none where nothing was asked", () => {
    const buckets = bucketSamples(
      [sample(0, { requests: 30, latencyP50Ms: 10 }), sample(5, { requests: 10, latencyP50Ms: 2 })],
      options,
    );
    expect(buckets.at(-1)?.p50Ms).toBe(8);
    expect(buckets[0]?.p50Ms).toBeNull();
  });
  it("adds the ready replicas of all variants, or of the one that was asked for", () => {
    const samples = [sample(0), sample(0, { variant: "canary", replicasReady: 3 })];
    expect(bucketSamples(samples, options).at(-1)?.replicasReady).toBe(5);
    expect(bucketSamples(samples, { ...options, variant: "canary" }).at(-1)?.replicasReady).toBe(3);
  });
});
