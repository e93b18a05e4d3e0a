"use client";

import { LineChart } from "#components/charts/line-chart.tsx";
import { bucketSamples } from "#components/traffic/buckets.ts";
import { formatClock, formatLatency, formatRate } from "#components/ui/format.ts";
import { Panel } from "#components/ui/panel.tsx";
import { useZone } from "#components/ui/time.tsx";
import type { SampleView } from "#lib/traffic/list-samples.ts";

const MINUTES = 15;
const COUNT = 90;
const STEP_SECONDS = (MINUTES * 60) / COUNT;

/** The last quarter of an hour in four charts. `now` is the server's time. */
export function TrafficCharts({
  samples,
  now,
  since,
  counts,
  measured = null,
}: {
  samples: SampleView[];
  now: number;
  /** when the deployment was made, in milliseconds since 1970: before that nothing is drawn */
  since: number;
  /** what the load balancer tells of; what it can't measure isn't drawn as nothing */
  counts: "requests" | "connections" | "nothing";
  /** what to say of figures that are Google's: how late they are; how many are under way it doesn't tell */
  measured?: string | null;
}) {
  const countsRequests = counts === "requests";
  const buckets = bucketSamples(samples, { now, since, minutes: MINUTES, count: COUNT });
  const zone = useZone();
  const times = buckets.map((bucket) => formatClock(bucket.from, zone));
  const newest = `last ${STEP_SECONDS} s`;
  const count = (value: number) => String(Math.round(value * 10) / 10);
  return (
    <Panel
      title="Traffic"
      about={`Last ${MINUTES} minutes, in steps of ${STEP_SECONDS} seconds; times in ${zone}${countsRequests ? ". 4xx: the callers’ fault. 5xx: the servers’ fault, broken-off answers too" : ""}`}
    >
      {measured !== null && <p className="mb-4 text-muted">{measured}</p>}
      <div className="grid gap-x-8 gap-y-6 lg:grid-cols-2">
        {countsRequests && (
          <LineChart
            title="Requests per second"
            times={times}
            newest={newest}
            format={formatRate}
            series={[
              { name: "requests", tone: "accent", values: buckets.map((b) => b.requestsPerSecond) },
              { name: "4xx", tone: "warn", values: buckets.map((b) => b.callerErrorsPerSecond) },
              { name: "5xx", tone: "bad", values: buckets.map((b) => b.serverErrorsPerSecond) },
            ]}
          />
        )}
        {countsRequests && (
          <LineChart
            title="Latency"
            times={times}
            newest={newest}
            format={formatLatency}
            series={[
              { name: "p50", tone: "accent", values: buckets.map((b) => b.p50Ms) },
              { name: "p95", tone: "faint", values: buckets.map((b) => b.p95Ms) },
            ]}
          />
        )}
        {counts !== "nothing" && measured === null && (
          <LineChart
            title={countsRequests ? "Most requests at a time" : "Most connections at a time"}
            times={times}
            newest={newest}
            format={count}
            series={[
              {
                name: countsRequests ? "in flight" : "open",
                tone: "accent",
                values: buckets.map((b) => b.inFlight),
              },
              { name: "of them queued", tone: "faint", values: buckets.map((b) => b.queued) },
            ]}
          />
        )}
        <LineChart
          title="Replicas ready"
          times={times}
          newest={newest}
          format={count}
          series={[{ name: "ready", tone: "accent", values: buckets.map((b) => b.replicasReady) }]}
        />
      </div>
    </Panel>
  );
}
