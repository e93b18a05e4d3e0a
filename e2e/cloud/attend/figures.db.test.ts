import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { attendBench, openToAll, type AttendBench } from "#e2e/cloud/attend/bench-for-test.ts";
import { owner, project } from "#e2e/cloud/google/google-for-test.ts";
import type { JsonObject } from "#e2e/cloud/google/json.ts";
import { attendClusters } from "#infra/clusters/attend-clusters.ts";
import { loadViews } from "#lib/deployments/load-views.ts";
import { measuredWords } from "#lib/traffic/measured.ts";
import { backendName, mainName } from "#lib/targets/gke/names.ts";

// Where Google's load balancer routes by itself, what it counts and writes down: from the model's Monitoring and Logging.

const minuteMs = 60_000;
let bench: AttendBench;
let id: string;
const loops: { stop(): Promise<void> }[] = [];

beforeAll(async () => {
  bench = await attendBench();
});
beforeEach(async () => {
  await bench.db.deployment.deleteMany();
  bench.google.series.clear();
  bench.google.entries.clear();
  ({ id } = await bench.deployment({ spec: openToAll() }));
  const createdAt = new Date(Date.now() - 20 * minuteMs);
  const endpoint = { url: "http://203.0.113.7", ip: "203.0.113.7", port: 80, access: "open" };
  await bench.db.deployment.update({ where: { id }, data: { endpoint, createdAt } });
});
afterEach(async () => {
  for (const loop of loops.splice(0)) await loop.stop();
  bench.google.permissions.restore(owner);
});
afterAll(() => bench.close());

const outside = { resolve: () => Promise.resolve(null), answers: () => Promise.resolve(false) };
const start = () => void loops.push(attendClusters(bench.ctx, { databaseUrl: bench.databaseUrl, outside }));
const measured = async () =>
  (await bench.row(id)).measured as { until: string | null; trouble: string | null } | null;
const view = async () => (await loadViews(bench.db, [id], new Date()))[0]!;

/** A whole minute that everybody has figures of by now. */
const end = () => new Date(Math.floor((Date.now() - 7 * minuteMs) / minuteMs) * minuteMs).toISOString();

function series(metric: string, reducer: string, value: JsonObject, labels: Record<string, string> = {}) {
  const backend = labels.backend ?? backendName(id, "main");
  return {
    series: {
      metric: {
        type: `loadbalancing.googleapis.com/https/${metric}`,
        labels: { response_code_class: labels.status ?? "200" },
      },
      resource: {
        type: "https_lb_rule",
        labels: { url_map_name: mainName(id), backend_target_name: backend },
      },
      points: [{ interval: { startTime: end(), endTime: end() }, value }],
    },
    aligner: "ALIGN_DELTA",
    reducer,
  };
}

const entry = (insertId: string, status: number, change: JsonObject = {}) => ({
  insertId,
  timestamp: new Date(Date.now() - minuteMs).toISOString(),
  resource: {
    type: "http_load_balancer",
    labels: { url_map_name: mainName(id), backend_service_name: backendName(id, "main") },
  },
  httpRequest: {
    requestMethod: "POST",
    requestUrl: "http://203.0.113.7/predict?secret=1",
    status,
    latency: "0.120500s",
    responseSize: "321",
    ...change,
  },
});

test("what Google counted is shown by variant, once, and how late it is", async () => {
  const count = (value: string, labels = {}) =>
    series("request_count", "REDUCE_SUM", { int64Value: value }, labels);
  bench.google.series.set(project, [
    count("40"),
    count("3", { status: "400" }),
    count("2", { status: "500" }),
    count("5", { status: "400", backend: "INVALID_BACKEND" }),
    count("90", { backend: mainName(id) }),
    series("total_latencies", "REDUCE_PERCENTILE_50", { doubleValue: 21.5 }),
    series("total_latencies", "REDUCE_PERCENTILE_95", { doubleValue: 80 }),
  ]);
  start();
  await vi.waitUntil(async () => (await measured())?.until, { timeout: 10_000 });
  await loops.pop()!.stop();
  // Another worker reads the last minutes again.
  const first = await measured();
  await bench.db.deployment.update({
    where: { id },
    data: { measured: { until: new Date(Date.parse(end()) + minuteMs).toISOString(), trouble: null } },
  });
  start();
  await vi.waitUntil(async () => (await measured())?.until === first?.until, { timeout: 10_000 });
  const sums = await bench.db.metricSample.groupBy({
    by: ["variant"],
    where: { deploymentId: id },
    _sum: { requests: true, errors: true, serverErrors: true },
    _max: { latencyP50Ms: true, latencyP95Ms: true },
    orderBy: { variant: "asc" },
  });
  expect(sums).toEqual([
    {
      variant: "",
      _sum: { requests: 5, errors: 5, serverErrors: 0 },
      _max: { latencyP50Ms: null, latencyP95Ms: null },
    },
    {
      variant: "main",
      _sum: { requests: 45, errors: 5, serverErrors: 2 },
      _max: { latencyP50Ms: 21.5, latencyP95Ms: 80 },
    },
  ]);
  const { traffic, measured: shown } = await view();
  expect(traffic).toMatchObject({ requests: 50, errors: 10, serverErrors: 2 });
  expect(measuredWords(shown!, new Date())).toMatch(/^Measured by Google, [4-6] minutes late\.$/);
}, 30_000);

test("a deployment that nobody asked anything of has none, not nothing", async () => {
  start();
  await vi.waitUntil(async () => (await measured())?.until, { timeout: 10_000 });
  expect((await view()).traffic).toMatchObject({ requests: 0, requestsPerSecond: 0 });
});

test("the requests that were logged are shown without their query", async () => {
  bench.google.entries.set(project, [
    entry("one", 200),
    entry("two", 502, { latency: "1.5s", requestUrl: "" }),
  ]);
  start();
  await vi.waitUntil(async () => (await bench.db.requestRow.count({ where: { deploymentId: id } })) === 2, {
    timeout: 10_000,
  });
  const rows = await bench.db.requestRow.findMany({ where: { deploymentId: id }, orderBy: { id: "asc" } });
  expect(rows).toMatchObject([
    {
      id: "one",
      method: "POST",
      path: "/predict",
      status: 200,
      variant: "main",
      totalMs: 120.5,
      bytesOut: 321,
    },
    { id: "two", path: "", status: 502, totalMs: 1_500, queueMs: -1 },
  ]);
});

test("an account that may not read them is told which role it lacks, and the other is read all the same", async () => {
  bench.google.permissions.deny(owner, "monitoring.timeSeries.list");
  bench.google.entries.set(project, [entry("three", 200)]);
  start();
  await vi.waitUntil(async () => (await measured())?.trouble, { timeout: 10_000 });
  expect(await measured()).toMatchObject({
    until: null,
    trouble: expect.stringContaining("roles/monitoring.viewer") as string,
  });
  expect(await bench.db.requestRow.count({ where: { deploymentId: id } })).toBe(1);
});

test("at layer 4, and with HAProxy, Google isn't asked", async () => {
  const { routing } = openToAll();
  const atLayer4 = await bench.deployment({ spec: { ...openToAll(), routing: { ...routing, layer: 4 } } });
  const behindKeys = await bench.deployment();
  const endpoint = { url: "http://203.0.113.8", ip: "203.0.113.8", port: 80, access: "open" };
  await bench.db.deployment.updateMany({ data: { endpoint } });
  start();
  await vi.waitUntil(async () => (await measured())?.until, { timeout: 10_000 });
  const views = await loadViews(bench.db, [atLayer4.id, behindKeys.id], new Date());
  expect(views.map((one) => [one.traffic.requests, one.measured])).toEqual([
    [null, null],
    [0, null],
  ]);
  const asked = bench.google.requests().map(({ path, body }) => decodeURIComponent(path) + body);
  for (const one of [atLayer4, behindKeys])
    expect(asked.filter((line) => /timeSeries|entries/.test(line) && line.includes(one.id))).toEqual([]);
});
