import { afterEach, beforeEach, expect, test } from "vitest";
import { googleForTest, project } from "#e2e/cloud/google/google-for-test.ts";
import {
  backendService,
  global,
  makeBackends,
  makeNetwork,
  must,
  refusal,
  region,
  service,
  zone,
} from "#e2e/cloud/google/graph-for-test.ts";
import { manualClock } from "#e2e/cloud/google/model-clock.ts";

const clock = manualClock();
let held: Awaited<ReturnType<typeof googleForTest>>;
beforeEach(async () => {
  held = await googleForTest({ clock, durations: { "compute.networks.patch": 10_000 } });
});
afterEach(() => held.google.close());

test("what another thing needs can't be deleted, and the refusal names both", async () => {
  const { ask } = held;
  await makeBackends(ask);
  const inUse = (path: string, by: string) =>
    refusal(
      400,
      "resourceInUseByAnotherResource",
      new RegExp(`'projects/${project}/${path}' is already being used by 'projects/${project}/${by}'`),
    );
  expect(await ask("DELETE", `${global}/networks/n`)).toMatchObject(
    inUse("global/networks/n", "regions/us-central1/subnetworks/s"),
  );
  expect(await ask("DELETE", `${zone}/networkEndpointGroups/g`)).toMatchObject(
    inUse("zones/us-central1-a/networkEndpointGroups/g", "global/backendServices/a"),
  );
  expect(await ask("DELETE", `${global}/healthChecks/h`)).toMatchObject(
    inUse("global/healthChecks/h", "global/backendServices/a"),
  );
  for (const name of ["a", "b"]) await must(ask, "DELETE", `${global}/backendServices/${name}`);
  await must(ask, "DELETE", `${global}/healthChecks/h`);
  await must(ask, "DELETE", `${region}/subnetworks/s`);
  // The group that a controller left keeps the network.
  expect(await ask("DELETE", `${global}/networks/n`)).toMatchObject(
    inUse("global/networks/n", "zones/us-central1-a/networkEndpointGroups/g"),
  );
  await must(ask, "DELETE", `${zone}/networkEndpointGroups/g`);
  await must(ask, "DELETE", `${global}/networks/n`);
});

test("what isn't there, or is of another kind, can't be referred to", async () => {
  const { ask } = held;
  await makeBackends(ask);
  const path = `${global}/urlMaps`;
  expect(await ask("POST", path, { name: "m", defaultService: service("missing") })).toMatchObject(
    refusal(404, "notFound", /backendServices\/missing/),
  );
  const check = `projects/${project}/global/healthChecks/h`;
  expect(await ask("POST", path, { name: "m", defaultService: check })).toMatchObject(
    refusal(400, "invalid", /Unexpected resource collection 'healthChecks'/),
  );
  expect(await ask("POST", path, { name: "m", defaultService: "https://elsewhere.com/a" })).toMatchObject(
    refusal(400, "invalid", /URL is malformed/),
  );
  // All ways to write the same reference.
  for (const [index, url] of [
    service("a"),
    "global/backendServices/a",
    `${held.google.url}${global}/backendServices/a`,
    `https://www.googleapis.com/compute/v1/${service("a")}`,
  ].entries()) {
    await must(ask, "POST", path, { name: `m${index}`, defaultService: url });
    expect(await must(ask, "GET", `${path}/m${index}`)).toMatchObject({
      defaultService: `${held.google.url}${global}/backendServices/a`,
    });
  }
});

test("operations take their time, and can be waited for", async () => {
  const { ask } = held;
  await makeNetwork(ask);
  const patched = { routingConfig: { routingMode: "GLOBAL" } };
  const { name, status } = await must(ask, "PATCH", `${global}/networks/n`, patched);
  expect(status).toBe("PENDING");
  const operation = `${global}/operations/${String(name)}`;
  clock.advance(5000);
  expect(await must(ask, "GET", operation)).toMatchObject({
    status: "RUNNING",
    progress: 44,
    operationType: "patch",
  });
  expect(await must(ask, "GET", `${global}/networks/n`)).toMatchObject({
    routingConfig: { routingMode: "REGIONAL" },
  });
  expect(await ask("PATCH", `${global}/networks/n`, patched)).toMatchObject(
    refusal(400, "resourceNotReady", /is not ready/),
  );
  const waiting = ask("POST", `${operation}/wait`);
  await expect.poll(() => held.google.requests().at(-1)?.path).toMatch(/wait$/);
  clock.advance(5000);
  expect(await waiting).toMatchObject({ status: 200, body: { status: "DONE", progress: 100 } });
  expect(await must(ask, "GET", `${global}/networks/n`)).toMatchObject(patched);
  expect(await must(ask, "GET", `${global}/operations`)).toMatchObject({
    items: expect.arrayContaining([expect.objectContaining({ name })]),
  });
});

test("labels and updates need the fingerprint of what they change", async () => {
  const { ask } = held;
  await must(ask, "POST", `${global}/addresses`, { name: "ip", labels: { a: "1" } });
  const { labelFingerprint } = await must(ask, "GET", `${global}/addresses/ip`);
  const labels = { b: "2" };
  const stale = refusal(412, "conditionNotMet", /fingerprint/i);
  expect(
    await ask("POST", `${global}/addresses/ip/setLabels`, { labels, labelFingerprint: "c3RhbGU=" }),
  ).toMatchObject(stale);
  await must(ask, "POST", `${global}/addresses/ip/setLabels`, { labels, labelFingerprint });
  expect((await must(ask, "GET", `${global}/addresses/ip`)).labels).toEqual(labels);

  await makeBackends(ask);
  const path = `${global}/backendServices/a`;
  const before = await must(ask, "GET", path);
  const changed = backendService("a", { timeoutSec: 300 });
  expect(await ask("PUT", path, changed)).toMatchObject(stale);
  await must(ask, "PUT", path, { ...changed, fingerprint: before.fingerprint });
  expect(await ask("PUT", path, { ...changed, fingerprint: before.fingerprint })).toMatchObject(stale);
  const after = await must(ask, "GET", path);
  expect(after).toMatchObject({
    id: before.id,
    timeoutSec: 300,
    creationTimestamp: before.creationTimestamp,
  });
  expect(after.fingerprint).not.toBe(before.fingerprint);
});

test("a quota ends the operation, in Google's words, and nothing stays", async () => {
  const { google, ask } = held;
  google.quotas.set(project, null, "NETWORKS", 1);
  await must(ask, "POST", `${global}/networks`, { name: "first" });
  const { body } = await ask("POST", `${global}/networks`, { name: "second" });
  expect(body).toMatchObject({
    status: "DONE",
    httpErrorStatusCode: 403,
    error: {
      errors: [{ code: "QUOTA_EXCEEDED", message: "Quota 'NETWORKS' exceeded.  Limit: 1.0 globally." }],
    },
  });
  expect(await ask("GET", `${global}/networks/second`)).toMatchObject({ status: 404 });
  const shown = await must(ask, "GET", `/compute/beta/projects/${project}`);
  expect(shown.quotas).toContainEqual({ metric: "NETWORKS", limit: 1, usage: 1 });
  const { quotas } = await must(ask, "GET", region);
  expect(quotas).toContainEqual({ metric: "CPUS", limit: 24, usage: 0 });
});

test("lists are filtered and paged, and what a filter doesn't mean is refused", async () => {
  const { ask } = held;
  for (const name of ["a1", "a2", "b1"])
    await must(ask, "POST", `${global}/addresses`, { name, labels: { of: name[0] } });
  const names = async (query: string) =>
    ((await must(ask, "GET", `${global}/addresses?${query}`)).items as { name: string }[] | undefined)?.map(
      ({ name }) => name,
    );
  expect(await names(`filter=${encodeURIComponent("labels.of = a")}`)).toEqual(["a1", "a2"]);
  expect(await names(`filter=${encodeURIComponent("name eq a.*")}`)).toEqual(["a1", "a2"]);
  expect(await names(`filter=${encodeURIComponent('(labels.of = "a") (name != "a1")')}`)).toEqual(["a2"]);
  expect(await names(`filter=${encodeURIComponent("name = c")}`)).toBeUndefined();
  expect(
    await ask("GET", `${global}/addresses?filter=${encodeURIComponent("a = b OR c = d")}`),
  ).toMatchObject({ status: 400 });
  const first = await must(ask, "GET", `${global}/addresses?maxResults=2`);
  expect(first.items).toHaveLength(2);
  expect(await names(`maxResults=2&pageToken=${String(first.nextPageToken)}`)).toEqual(["b1"]);
  const all = await must(ask, "GET", `/compute/beta/projects/${project}/aggregated/addresses`);
  expect(all.items).toMatchObject({
    global: { addresses: [{ name: "a1" }, { name: "a2" }, { name: "b1" }] },
  });
});

test("zones say which machines and GPUs they have", async () => {
  const { ask } = held;
  const types = async (name: string, kind: string) =>
    (
      (await must(ask, "GET", `/compute/beta/projects/${project}/zones/${name}/${kind}`)).items as
        { name: string }[] | undefined
    )?.map((each) => each.name);
  expect(await types("us-central1-a", "acceleratorTypes")).toContain("nvidia-tesla-t4");
  expect(await types("europe-north1-a", "acceleratorTypes")).toBeUndefined();
  expect(await types("europe-north1-a", "machineTypes")).toContain("n1-standard-1");
  expect(await ask("GET", `/compute/beta/projects/${project}/regions/mars-central1`)).toMatchObject({
    status: 404,
  });
});
