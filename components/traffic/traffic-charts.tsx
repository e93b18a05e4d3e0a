"use client";

import { LineChart } from "#components/charts/line-chart.tsx";
import { bucketSamples } from "#components/traffic/buckets.ts";
import { formatClock, formatLatency, formatRate } from "#components/ui/format.ts";
import { Panel } from "#components/ui/panel.tsx";
import { useZone } from "#components/ui/time.tsx";
import type { SampleView } from "#lib/traffic/list-samples.ts";

const MINUTES = 15;
const COUNT = 90;

/** The last quarter of an hour in four charts. `now` is the server's time. */
export function TrafficCharts({
  samples,
  now,
  counts,
}: {
  samples: SampleView[];
  now: number;
  /** what the load balancer tells of; what it can't measure isn't drawn as nothing */
  counts: "requests" | "connections" | "nothing";
}) {
  const countsRequests = counts === "requests";
  const buckets = bucketSamples(samples, { now, minutes: MINUTES, count: COUNT });
  const zone = useZone();
  const times = buckets.map((bucket) => formatClock(bucket.from, zone));
  const count = (value: number) => String(Math.round(value * 10) / 10);
  return (
    <Panel
      title="Traffic"
      about={`Last ${MINUTES} minutes, in steps of ${(MINUTES * 60) / COUNT} seconds; times in ${zone}`}
    >
      <div className="grid gap-x-8 gap-y-6 lg:grid-cols-2">
        {countsRequests && (
          <LineChart
            title="Requests per second"
            times={times}
            format={formatRate}
            series={[
              { name: "requests", tone: "accent", values: buckets.map((b) => b.requestsPerSecond) },
              { name: "errors", tone: "bad", values: buckets.map((b) => b.errorsPerSecond) },
            ]}
          />
        )}
        {countsRequests && (
          <LineChart
            title="Latency"
            times={times}
            format={formatLatency}
            series={[
              { name: "p50", tone: "accent", values: buckets.map((b) => b.p50Ms) },
              { name: "p95", tone: "faint", values: buckets.map((b) => b.p95Ms) },
            ]}
          />
        )}
        {counts !== "nothing" && (
          <LineChart
            title={countsRequests ? "Requests at a time" : "Connections at a time"}
            times={times}
            format={count}
            series={[
              {
                name: countsRequests ? "in flight" : "open",
                tone: "accent",
                values: buckets.map((b) => b.inFlight),
              },
              { name: "queued", tone: "faint", values: buckets.map((b) => b.queued) },
            ]}
          />
        )}
        <LineChart
          title="Replicas ready"
          times={times}
          format={count}
          series={[{ name: "ready", tone: "accent", values: buckets.map((b) => b.replicasReady) }]}
        />
      </div>
    </Panel>
  );
}
