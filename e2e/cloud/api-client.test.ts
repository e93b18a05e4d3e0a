import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { apiForTest, clientOf } from "#e2e/cloud/api-for-test.ts";
import { clusterBody } from "#e2e/cloud/google/graph-for-test.ts";
import { owner, project } from "#e2e/cloud/google/google-for-test.ts";
import { manualClock } from "#e2e/cloud/google/model-clock.ts";
import { googleApi, quotaProjectOf } from "#infra/google/api-client.ts";
import { googleEndpoints } from "#infra/google/endpoints.ts";
import { GoogleError, GoogleUnreachable } from "#infra/google/google-error.ts";
import { listAll, listEverywhere } from "#infra/google/list-all.ts";
import { waitForOperation } from "#infra/google/wait-for-operation.ts";
import { parseWorkerCredentials } from "#lib/targets/gke/credentials.ts";

let held: Awaited<ReturnType<typeof apiForTest>>;
beforeAll(async () => {
  held = await apiForTest({ durations: { default: 30 } });
});
afterAll(() => held.google.close());
afterEach(() => {
  held.google.faults.clear();
  held.google.permissions.restore(owner);
});

const networks = { service: "compute", path: `projects/${project}/global/networks` } as const;
const regions = { service: "compute", path: `projects/${project}/regions` } as const;
const make = (name: string) =>
  held.api.request({ ...networks, method: "POST", body: { name, autoCreateSubnetworks: false } });
const asked = (method: string, path: RegExp) =>
  held.google.requests().filter((one) => one.method === method && path.test(one.path)).length;

test("a write's operation is waited for, of the project and of a region", async () => {
  const begun = await make("one");
  expect(begun).toMatchObject({ status: expect.not.stringMatching("DONE") });
  await waitForOperation(held.api, { service: "compute", project, begun });
  expect(await held.api.find({ ...networks, path: `${networks.path}/one` })).toMatchObject({ name: "one" });
  const subnet = await held.api.request({
    service: "compute",
    method: "POST",
    path: `projects/${project}/regions/us-central1/subnetworks`,
    body: { name: "s", network: `projects/${project}/global/networks/one`, ipCidrRange: "10.10.0.0/20" },
  });
  await waitForOperation(held.api, { service: "compute", project, begun: subnet });
  expect(await listEverywhere(held.api, { project, kind: "subnetworks" })).toMatchObject([{ name: "s" }]);
});

test("an operation that failed says so in Google's words", async () => {
  held.google.faults.operation(
    { method: "POST", path: /networks$/ },
    { code: "QUOTA_EXCEEDED", message: "Quota 'NETWORKS' exceeded.", httpCode: 403 },
  );
  const waited = waitForOperation(held.api, { service: "compute", project, begun: await make("two") });
  await expect(waited).rejects.toMatchObject({
    status: 403,
    reason: "QUOTA_EXCEEDED",
    message: "Quota 'NETWORKS' exceeded.",
  });
});

test("a cluster's operation is waited for, and one that failed says why", async () => {
  const { ask } = held;
  const parent = `projects/${project}/locations/us-central1-a/clusters`;
  const create = (name: string) =>
    held.api.request({
      service: "container",
      method: "POST",
      path: parent,
      body: clusterBody({
        name,
        network: `projects/${project}/global/networks/one`,
        subnetwork: `projects/${project}/regions/us-central1/subnetworks/s`,
        ipAllocationPolicy: { useIpAliases: true },
      }),
    });
  const waited = async (begun: unknown) =>
    waitForOperation(held.api, { service: "container", project, begun });
  await waited(await create("fine"));
  const found = await ask("GET", `/container/v1beta1/${parent}/fine`);
  expect(found.body).toMatchObject({ status: "RUNNING" });
  held.google.faults.pool("default-pool", "No machine could be had.");
  await expect(waited(await create("broken"))).rejects.toMatchObject({ message: "No machine could be had." });
});

test("an operation isn't waited for without an end", async () => {
  const begun = { name: "operation-x", status: "RUNNING" };
  const waited = waitForOperation(held.api, { service: "compute", project, begun, withinMs: -1 });
  await expect(waited).rejects.toThrow(GoogleUnreachable);
});

test("a list is read to its end", async () => {
  const all = await listAll(held.api, { ...regions, query: { maxResults: "2" } });
  expect(all).toHaveLength(3);
});

test("what isn't there is null to those who look for it", async () => {
  expect(await held.api.find({ ...networks, path: `${networks.path}/none` })).toBeNull();
  await expect(held.api.request({ ...networks, path: `${networks.path}/none` })).rejects.toMatchObject({
    status: 404,
    reason: "notFound",
  });
});

test("a refusal tells which right is missing", async () => {
  held.google.permissions.deny(owner, "compute.regions.list");
  const error = await held.api.request(regions).catch((caught: unknown) => caught as GoogleError);
  expect(error).toMatchObject({
    status: 403,
    info: { reason: "IAM_PERMISSION_DENIED", metadata: { permission: "compute.regions.list" } },
  });
});

test("a read is tried again, and not without end", async () => {
  const busy = { code: 503, reason: "backendError", message: "Try again." };
  held.google.faults.answer({ method: "GET", path: /regions$/, times: 3 }, busy);
  expect(await held.api.request(regions)).toMatchObject({ items: expect.any(Array) });
  held.google.faults.answer({ method: "GET", path: /regions$/, times: Infinity }, busy);
  const before = asked("GET", /regions$/);
  await expect(held.api.request(regions)).rejects.toMatchObject({ status: 503 });
  expect(asked("GET", /regions$/) - before).toBe(4);
});

test("a connection that is cut is tried again where nothing can be made twice", async () => {
  held.google.faults.cut({ method: "GET", path: /regions$/ }, { after: true });
  expect(await held.api.request(regions)).toMatchObject({ items: expect.any(Array) });
  held.google.faults.cut({ method: "POST", path: /networks$/ }, { after: true });
  const before = asked("POST", /networks$/);
  await expect(make("three")).rejects.toThrow(GoogleUnreachable);
  expect(asked("POST", /networks$/) - before).toBe(1);
});

test("a write is tried again only if it did nothing", async () => {
  held.google.faults.answer(
    { method: "POST", path: /networks$/ },
    { code: 503, reason: "backendError", message: "Perhaps." },
  );
  await expect(make("four")).rejects.toMatchObject({ status: 503 });
  held.google.faults.answer(
    { method: "POST", path: /networks$/ },
    { code: 429, reason: "rateLimitExceeded", message: "Too many." },
  );
  expect(await make("four")).toMatchObject({ operationType: "insert" });
});

test("a token that Google takes for over is replaced, unseen", async () => {
  const [theirs, ours] = [manualClock(), manualClock()];
  const { google, credentials } = await apiForTest({ clock: theirs });
  google.tokens.lifetimeSeconds = 60;
  const api = clientOf(google, credentials, ours);
  const { value } = await api.tokens.token();
  theirs.advance(10 * 60_000);
  expect(google.tokens.accountOf(value)).toBeNull();
  expect(await api.request(regions)).toMatchObject({ items: expect.any(Array) });
  expect(google.requests().map(({ status }) => status)).toEqual([401, 200]);
  await google.close();
});

test("an account that Google doesn't know isn't asked for without end", async () => {
  const [theirs, ours] = [manualClock(), manualClock()];
  const { google, credentials } = await apiForTest({ clock: theirs });
  google.tokens.lifetimeSeconds = 60;
  const api = clientOf(google, credentials, ours);
  await api.tokens.token();
  google.tokens.removeServiceAccountKey(credentials.privateKeyId);
  theirs.advance(10 * 60_000);
  await expect(api.request(regions)).rejects.toMatchObject({ code: "account_gone" });
  await google.close();
});

async function answering(status: number, body: (authorization: string) => string, headers = {}) {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(request.url ?? "");
    response.writeHead(status, headers).end(body(request.headers.authorization ?? ""));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  const endpoints = googleEndpoints(`http://127.0.0.1:${port}`);
  const pauses: number[] = [];
  const pause = (ms: number) => Promise.resolve(void pauses.push(ms));
  const { tokens } = held.api;
  return {
    api: googleApi({ endpoints, tokens, pause, timeoutMs: 5_000 }),
    pauses,
    seen,
    close: () => server.close(),
  };
}

test("no error repeats the token", async () => {
  const { api, close } = await answering(400, (authorization) =>
    JSON.stringify({ error: { code: 400, message: `Strange: ${authorization}` } }),
  );
  const { value } = await held.api.tokens.token();
  const error = (await api.request(regions).catch((caught: unknown) => caught)) as GoogleError;
  expect(error.message).toBe("Strange: Bearer …");
  expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain(value);
  close();
});

test("an answer that isn't JSON, or leads elsewhere, isn't followed", async () => {
  const page = await answering(200, () => "<html>");
  await expect(page.api.request(regions)).rejects.toMatchObject({ reason: "notUnderstood" });
  page.close();
  const away = await answering(302, () => "", { location: "http://127.0.0.1:1/" });
  await expect(away.api.request(regions)).rejects.toThrow(GoogleUnreachable);
  away.close();
});

test("a longer pause that Google asks for is kept, one of minutes isn't waited for", async () => {
  const soon = await answering(429, () => "{}", { "retry-after": "7" });
  await expect(soon.api.request(regions)).rejects.toMatchObject({ status: 429 });
  expect(soon.pauses).toEqual([7_000, 7_000, 7_000]);
  soon.close();
  const late = await answering(429, () => "{}", { "retry-after": "600" });
  await expect(late.api.request(regions)).rejects.toMatchObject({ status: 429 });
  expect(late.seen).toHaveLength(1);
  late.close();
});

test("an answer without an end is cut", async () => {
  const { api, close } = await answering(200, () => `"${"x".repeat(33 * 1024 * 1024)}"`);
  await expect(api.request({ ...regions, method: "POST" })).rejects.toThrow(/more than 32 MB/);
  close();
});

test("a path can't lead to another API", async () => {
  const { api, seen, close } = await answering(200, () => "{}");
  for (const path of ["//elsewhere.example", "../../x", "https://elsewhere.example/"])
    await expect(api.request({ service: "compute", path })).rejects.toThrow("out of its API");
  expect(seen).toEqual([]);
  close();
});

test("requests of a person's sign-in are counted for the project, where the API needs to be told", async () => {
  const counted: unknown[] = [];
  const server = createServer((request, response) => {
    counted.push(request.headers["x-goog-user-project"]);
    response.end("{}");
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const endpoints = googleEndpoints(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const user = parseWorkerCredentials(JSON.stringify(held.google.tokens.addAuthorizedUser(owner)));
  for (const credentials of [user, held.credentials]) {
    const quotaProject = quotaProjectOf(credentials, project);
    const api = googleApi({ endpoints, tokens: held.api.tokens, quotaProject });
    for (const service of ["resourceManager", "compute"] as const) await api.request({ service, path: "x" });
  }
  expect(counted).toEqual([project, undefined, undefined, undefined]);
  server.close();
});

test("an aborted request ends with its signal's reason", async () => {
  const signal = AbortSignal.abort(new Error("stopped"));
  await expect(held.api.request({ ...regions, signal })).rejects.toThrow("stopped");
});
