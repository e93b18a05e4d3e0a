import { afterAll, beforeAll, expect, test } from "vitest";
import { googleForTest, owner, project } from "#e2e/cloud/google/google-for-test.ts";
import { must, refusal } from "#e2e/cloud/google/graph-for-test.ts";

let held: Awaited<ReturnType<typeof googleForTest>>;
beforeAll(async () => {
  held = await googleForTest();
});
afterAll(() => held.google.close());

test("a project says its number, and what an account may do in it", async () => {
  const { ask, google } = held;
  const path = `/cloudresourcemanager/v1/projects/${project}`;
  expect(await must(ask, "GET", path)).toMatchObject({
    projectId: project,
    projectNumber: "1",
    lifecycleState: "ACTIVE",
  });
  google.permissions.deny(owner, "container.*");
  const permissions = ["compute.networks.create", "container.clusters.create"];
  expect(await must(ask, "POST", `${path}:testIamPermissions`, { permissions })).toEqual({
    permissions: ["compute.networks.create"],
  });
  google.permissions.restore(owner);
  expect(await ask("GET", "/cloudresourcemanager/v1/projects/other")).toMatchObject(
    refusal(403, "forbidden", /other/),
  );
});

test("service accounts are looked up", async () => {
  const { ask, google } = held;
  const email = `nodes@${project}.iam.gserviceaccount.com`;
  const path = `/iam/v1/projects/${project}/serviceAccounts/${email}`;
  expect(await ask("GET", path)).toMatchObject(refusal(404, "notFound", /Unknown service account/));
  google.addServiceAccount(project, email);
  expect(await must(ask, "GET", path)).toMatchObject({ email, projectId: project });
  expect(await must(ask, "GET", `/iam/v1/projects/-/serviceAccounts/${email}`)).toMatchObject({ email });
  const permissions = ["iam.serviceAccounts.actAs"];
  expect(await must(ask, "POST", `${path}:testIamPermissions`, { permissions })).toEqual({ permissions });
});

test("APIs are listed by whether they are enabled", async () => {
  const { ask, google } = held;
  google.projects.get(project)!.services.delete("monitoring.googleapis.com");
  const list = async (state: string) =>
    (
      (await must(ask, "GET", `/serviceusage/v1/projects/${project}/services?filter=state:${state}`))
        .services as { config: { name: string } }[]
    ).map(({ config }) => config.name);
  expect(await list("DISABLED")).toEqual(["monitoring.googleapis.com"]);
  expect(await list("ENABLED")).toContain("compute.googleapis.com");
  await must(
    ask,
    "POST",
    `/serviceusage/v1/projects/${project}/services/monitoring.googleapis.com:enable`,
    {},
  );
  const one = `/serviceusage/v1/projects/${project}/services/monitoring.googleapis.com`;
  expect(await must(ask, "GET", one)).toMatchObject({ state: "ENABLED" });
});

test("figures are those that a test put in, for the time and the way that is asked for", async () => {
  const { ask, google } = held;
  const point = (minute: string, value: string) => ({
    interval: { endTime: `2026-01-01T00:${minute}:00Z` },
    value: { int64Value: value },
  });
  const metric = { type: "loadbalancing.googleapis.com/https/request_count" };
  const resource = { type: "https_lb_rule", labels: { url_map_name: "m" } };
  google.series.set(project, [
    { series: { metric, resource, points: [point("02", "7"), point("01", "5")] }, aligner: "ALIGN_DELTA" },
  ]);
  const asked = (changed: Record<string, string>) =>
    `/monitoring/v3/projects/${project}/timeSeries?${new URLSearchParams({
      filter: `metric.type = "${metric.type}" AND resource.labels.url_map_name = "m"`,
      "interval.startTime": "2026-01-01T00:01:00Z",
      "interval.endTime": "2026-01-01T00:05:00Z",
      "aggregation.perSeriesAligner": "ALIGN_DELTA",
      ...changed,
    }).toString()}`;
  expect(await must(ask, "GET", asked({}))).toMatchObject({ timeSeries: [{ points: [point("02", "7")] }] });
  expect(await must(ask, "GET", asked({ filter: `metric.type = "other"` }))).toEqual({});
  expect(await ask("GET", asked({ "aggregation.perSeriesAligner": "ALIGN_RATE" }))).toMatchObject({
    status: 501,
  });
  expect(await ask("GET", asked({ "interval.endTime": "soon" }))).toMatchObject({ status: 400 });
});

test("log entries are filtered and ordered", async () => {
  const { ask, google } = held;
  const entry = (second: string, status: number) => ({
    timestamp: `2026-01-01T00:00:${second}Z`,
    resource: { type: "http_load_balancer" },
    httpRequest: { status },
    insertId: second,
  });
  google.entries.set(project, [entry("01", 200), entry("03", 502), entry("02", 502)]);
  const body = {
    resourceNames: [`projects/${project}`],
    filter:
      'resource.type="http_load_balancer"\nhttpRequest.status >= 500 AND timestamp >= "2026-01-01T00:00:00Z"',
    orderBy: "timestamp desc",
  };
  expect(await must(ask, "POST", "/logging/v2/entries:list", body)).toMatchObject({
    entries: [{ insertId: "03" }, { insertId: "02" }],
  });
  expect(await ask("POST", "/logging/v2/entries:list", { ...body, orderBy: "severity" })).toMatchObject({
    status: 400,
  });
});
