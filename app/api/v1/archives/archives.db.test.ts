import { afterAll, beforeAll, expect, test } from "vitest";
import * as archive from "#app/api/v1/archives/[archiveId]/route.ts";
import * as archives from "#app/api/v1/archives/route.ts";
import type { ArchiveView } from "#lib/archives/archive-view.ts";
import { zipForTest } from "#lib/archives/zip-for-test.ts";
import { createApiKey } from "#lib/auth/api-keys.ts";
import { testOrigin, testPortal, type TestPortal } from "#lib/web/portal-for-test.ts";

let portal: TestPortal;
let key: string;
let other: string;
let admin: string;
beforeAll(async () => {
  portal = await testPortal();
  ({ key } = await createApiKey(await portal.person("Grace"), { name: "k" }));
  ({ key: other } = await createApiKey(await portal.person("Edith"), { name: "k" }));
  ({ key: admin } = await createApiKey(await portal.person("Ada", "admin"), { name: "k" }));
});
afterAll(() => portal.drop());

const zip = zipForTest([
  { name: "site/index.html", content: "<h1>Hi</h1>" },
  { name: "site/.env", content: "TOKEN=1" },
]);
type Sent = { headers?: Record<string, string>; body?: Buffer; query?: string };

const keyed = (more: Record<string, string> = {}) => ({
  authorization: `Bearer ${key}`,
  "content-type": "application/zip",
  ...more,
});

async function send({ headers, body = zip, query = "?name=site.zip" }: Sent = {}) {
  const request = new Request(`${testOrigin}/api/v1/archives${query}`, {
    method: "POST",
    headers: headers ?? keyed(),
    body: new Uint8Array(body),
  });
  const answer = await archives.POST(request, { params: Promise.resolve({}) });
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as ArchiveView };
}

async function read(id: string, by = key) {
  const request = new Request(`${testOrigin}/x`, { headers: { authorization: `Bearer ${by}` } });
  const answer = await archive.GET(request, { params: Promise.resolve({ archiveId: id }) });
  return { status: answer.status, body: (await answer.json()) as ArchiveView };
}

test("an archive is kept, and who uploaded it and admins see what is in it", async () => {
  const made = await send();
  expect(made).toMatchObject({
    status: 201,
    body: {
      id: expect.stringMatching(/^arc-/) as string,
      name: "site.zip",
      bytes: zip.length,
      folder: "site",
      files: [{ path: "index.html", bytes: 11, type: "text/html; charset=utf-8" }],
      leftOut: { count: 1, first: ["site/.env"] },
      deploymentId: null,
    },
  });
  expect(await read(made.body.id)).toEqual({ status: 200, body: made.body });
  expect((await read(made.body.id, admin)).status).toBe(200);
  expect((await read(made.body.id, other)).status).toBe(404);
  const row = await portal.db.archive.findUniqueOrThrow({ where: { id: made.body.id } });
  expect(Buffer.from(row.content).equals(zip)).toBe(true);
});

test("sent again with its key it is the same one; other bytes or another name are another request", async () => {
  const headers = keyed({ "idempotency-key": "once" });
  const first = await send({ headers });
  const again = await send({ headers });
  expect([again.body.id, again.headers.get("idempotency-replayed")]).toEqual([first.body.id, "true"]);
  expect((await send({ headers, query: "?name=other.zip" })).status).toBe(422);
  const body = zipForTest([{ name: "index.html", content: "other" }]);
  expect((await send({ headers, body })).body).toMatchObject({ code: "idempotency_mismatch" });
});

test.each<[string, Omit<Sent, "headers"> & { more?: Record<string, string> }, number, RegExp]>([
  ["another type", { more: { "content-type": "application/json" } }, 400, /Content-Type: application\/zip/],
  ["no type", { more: { "content-type": "" } }, 400, /Content-Type/],
  ["what is no zip", { body: Buffer.from("hello") }, 422, /isn't a zip archive/],
  ["nothing", { body: Buffer.alloc(0) }, 422, /is empty/],
  ["too much", { body: Buffer.alloc(20 * 1024 * 1024 + 1) }, 413, /at most 20 MB/],
  ["a long name", { query: `?name=${"n".repeat(101)}` }, 422, /At most 100/],
  ["no key", { more: { authorization: "" } }, 401, /API key/],
])("%s is refused", async (_what, { more, ...sent }, status, words) => {
  const before = await portal.db.archive.count();
  expect(await send({ ...sent, headers: keyed(more) })).toMatchObject({
    status,
    body: { detail: expect.stringMatching(words) as string },
  });
  expect(await portal.db.archive.count()).toBe(before);
});

test("a session uploads from the portal's own pages alone", async () => {
  const cookie = await portal.adminCookie();
  const by = (origin: string) => send({ headers: { "content-type": "application/zip", cookie, origin } });
  expect((await by(testOrigin)).status).toBe(201);
  expect((await by("https://evil.example")).status).toBe(403);
});
