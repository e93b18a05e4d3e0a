import { afterAll, beforeAll, expect, test } from "vitest";
import { asker, googleForTest, owner, project } from "#e2e/cloud/google/google-for-test.ts";

let held: Awaited<ReturnType<typeof googleForTest>>;
beforeAll(async () => {
  held = await googleForTest();
});
afterAll(() => held.google.close());

const networks = `/compute/beta/projects/${project}/global/networks`;
const firewalls = `/compute/beta/projects/${project}/global/firewalls`;

test.each([
  [
    "an unknown field",
    "POST",
    networks,
    { name: "n", colour: "red" },
    400,
    /Unknown name "colour" at 'resource'/,
  ],
  [
    "an unknown field deep inside",
    "POST",
    firewalls,
    { name: "f", allowed: [{ IPProtocol: "tcp", port: 1 }] },
    400,
    /"port" at 'resource.allowed\[0\]'/,
  ],
  [
    "a value that isn't in the enum",
    "POST",
    firewalls,
    { name: "f", direction: "UP" },
    400,
    /TYPE_ENUM\), "UP"/,
  ],
  [
    "a text in place of a number",
    "POST",
    firewalls,
    { name: "f", priority: "high" },
    400,
    /TYPE_INT32\), "high"/,
  ],
  ["a number out of its range", "POST", firewalls, { name: "f", priority: 2 ** 31 }, 400, /TYPE_INT32/],
  ["a value in place of a list", "POST", firewalls, { name: "f", sourceRanges: "0.0.0.0/0" }, 400, /a list/],
  ["a name outside its pattern", "POST", networks, { name: "Not_A_Name" }, 400, /Must be a match of regex/],
  ["no name", "POST", networks, {}, 400, /Required field 'resource.name' not specified/],
  [
    "a name in the path outside its pattern",
    "GET",
    `${networks}/Not_A_Name`,
    undefined,
    400,
    /Must be a match of regex/,
  ],
  [
    "an unknown path",
    "GET",
    `/compute/beta/projects/${project}/global/nets`,
    undefined,
    404,
    /documents have no GET there/,
  ],
  ["an unknown service", "GET", "/dns/v1/projects/p", undefined, 404, /documents have no GET there/],
  ["a method that a path doesn't have", "PUT", networks, {}, 404, /documents have no PUT there/],
  ["an unknown parameter", "GET", `${networks}?colour=red`, undefined, 400, /Unknown name "colour"/],
  ["a parameter of another type", "GET", `${networks}?maxResults=many`, undefined, 400, /TYPE_UINT32/],
  ["a missing parameter", "POST", "/storage/v1/b", { name: "bucket" }, 400, /Required parameter: project/],
  ["a body where none belongs", "DELETE", `${networks}/n`, { force: true }, 400, /takes no request body/],
  [
    "a method that isn't modelled",
    "POST",
    `/compute/beta/projects/${project}/zones/us-central1-a/instances`,
    { name: "i" },
    501,
    /doesn't know compute.instances.insert/,
  ],
  [
    "a kind that isn't modelled",
    "GET",
    `/compute/beta/projects/${project}/regions/us-central1/routers`,
    undefined,
    501,
    /doesn't know the method compute.routers.list/,
  ],
  ["a part of an answer", "GET", `${networks}?fields=items/name`, undefined, 501, /partial answers/],
  [
    "another project",
    "GET",
    "/compute/beta/projects/other-proj/global/networks",
    undefined,
    404,
    /projects\/other-proj/,
  ],
])("refuses %s", async (_what, method, path, body, status, message) => {
  const answer = await held.ask(method, path, body);
  expect(answer).toMatchObject({
    status,
    body: { error: { code: status, message: expect.stringMatching(message) } },
  });
  expect(held.google.store.all()).toEqual([]);
});

test("refuses in Google's shape", async () => {
  const answer = await held.ask("GET", `${networks}/missing`);
  const message = `The resource 'projects/${project}/global/networks/missing' was not found`;
  const errors = [{ message, domain: "global", reason: "notFound" }];
  expect(answer.body).toEqual({ error: { code: 404, message, errors, status: "NOT_FOUND" } });
});

test("passes over fields that are Google's own answer", async () => {
  const made = await held.ask("POST", networks, {
    name: "n",
    selfLink: "https://elsewhere",
    id: "1",
    autoCreateSubnetworks: false,
  });
  expect(made.status).toBe(200);
  const { body } = await held.ask("GET", `${networks}/n`);
  expect(body.selfLink).toBe(`${held.google.url}${networks}/n`);
  expect(body.id).not.toBe("1");
  expect((await held.ask("DELETE", `${networks}/n`)).status).toBe(200);
});

test("a write sent twice with one request id works once", async () => {
  const id = "?requestId=6f1d3a3e-8f0e-4c39-9f26-0d9e0f0a9d11";
  const first = await held.ask("POST", networks + id, { name: "twice" });
  const second = await held.ask("POST", networks + id, { name: "twice" });
  expect(second).toEqual(first);
  expect(await held.ask("POST", networks, { name: "twice" })).toMatchObject({
    status: 409,
    body: { error: { errors: [{ reason: "alreadyExists" }] } },
  });
  await held.ask("DELETE", `${networks}/twice`);
});

test("nobody gets in without a right, and the refusal names it", async () => {
  const { google } = held;
  const path = `${networks}`;
  expect(await asker(google, null)("GET", path)).toMatchObject({
    status: 401,
    body: { error: { status: "UNAUTHENTICATED" } },
  });
  expect(await asker(google, "ya29.foreign")("GET", path)).toMatchObject({ status: 401 });
  const stranger = asker(google, google.tokens.issue("stranger@elsewhere.com"));
  const forbidden = {
    status: 403,
    body: {
      error: { errors: [{ reason: "forbidden" }], message: expect.stringContaining("compute.networks.list") },
    },
  };
  expect(await stranger("GET", path)).toMatchObject(forbidden);
  google.permissions.deny(owner, "compute.networks.*");
  expect(await held.ask("GET", path)).toMatchObject(forbidden);
  google.permissions.restore(owner);
  expect(await held.ask("GET", path)).toMatchObject({ status: 200 });
});

test("an API that isn't enabled says where it is", async () => {
  const { google, ask } = held;
  google.addProject({ id: "bare-proj", number: "77", owner, services: ["serviceusage.googleapis.com"] });
  const refused = await ask("GET", "/container/v1beta1/projects/bare-proj/locations/-/clusters");
  expect(refused).toMatchObject({
    status: 403,
    body: { error: { errors: [{ reason: "accessNotConfigured" }] } },
  });
  expect(JSON.stringify(refused.body)).toContain(
    "/apis/api/container.googleapis.com/overview?project=bare-proj",
  );
  await ask("POST", "/serviceusage/v1/projects/bare-proj/services/container.googleapis.com:enable", {});
  expect(await ask("GET", "/container/v1beta1/projects/bare-proj/locations/-/clusters")).toMatchObject({
    status: 200,
  });
  google.projects.delete("bare-proj");
});
