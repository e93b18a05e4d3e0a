import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import * as z from "zod";
import { createApiKey } from "#lib/auth/api-keys.ts";
import type { SealingContext } from "#lib/context.ts";
import { openDb } from "#lib/db.ts";
import { createDeployment } from "#lib/deployments/create.ts";
import { SluiceError } from "#lib/errors.ts";
import { defineRoute, type RouteHandler } from "#lib/web/define-route.ts";
import { testOrigin, testPortal, type TestPortal } from "#lib/web/portal-for-test.ts";
import { problem } from "#lib/web/answer-schemas.ts";

let portal: TestPortal;
let key: string;
let cookie: string;
beforeAll(async () => {
  portal = await testPortal();
  ({ key } = await createApiKey(await portal.person("Ada"), { name: "test" }));
  cookie = await portal.adminCookie();
});
afterAll(() => portal.drop());

type Sent = { method?: string; query?: string; body?: string; headers?: Record<string, string> };

async function call(handler: RouteHandler, { method = "POST", query = "", body, headers }: Sent = {}) {
  const request = new Request(`${testOrigin}/api/v1/x${query}`, {
    method,
    body,
    headers: headers ?? { authorization: `Bearer ${key}` },
  });
  const answer = await handler(request, { params: Promise.resolve(undefined) });
  return {
    status: answer.status,
    headers: answer.headers,
    body: (await answer.json()) as Record<string, unknown>,
  };
}

const echo = defineRoute({
  summary: "echo",
  query: z.strictObject({ n: z.coerce.number().int().default(1) }),
  run: async (ctx, { query, body }) => ({ query, body, actor: ctx.actor.type }),
});

const making = defineRoute({
  summary: "make",
  status: 201,
  run: (ctx, { body }) => createDeployment(ctx, body),
});

test("parses, calls and answers JSON that nothing keeps", async () => {
  const answer = await call(echo, { query: "?n=2", body: '{"a":1}' });
  expect(answer.body).toEqual({ query: { n: 2 }, body: { a: 1 }, actor: "user" });
  expect(answer.headers.get("cache-control")).toBe("no-store");
  expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
});

test.each<[string, Sent, number, string]>([
  ["no key", { headers: {} }, 401, "unauthenticated"],
  ["a wrong key", { headers: { authorization: "Bearer slk_x" } }, 401, "unauthenticated"],
  ["a wrong scheme", { headers: { authorization: "Basic x" } }, 401, "unauthenticated"],
  ["malformed JSON", { body: "{" }, 400, "malformed"],
  ["a body over the limit", { body: `"${"x".repeat(256 * 1024)}"` }, 413, "too_large"],
  ["an unknown query field", { query: "?m=1" }, 422, "invalid"],
])("%s is a problem of RFC 9457", async (_what, sent, status, code) => {
  const answer = await call(echo, sent);
  expect([answer.status, answer.body.status, answer.body.code]).toEqual([status, status, code]);
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  expect(problem.strict().parse(answer.body)).toEqual(answer.body);
});

test("where nothing was sent, what is to be sent is said", async () => {
  const answer = await call(making, { body: "" });
  expect([answer.status, answer.body.code, answer.body.detail]).toEqual([
    422,
    "invalid",
    'Send a JSON body: an object with "name" and "target".',
  ]);
});

test("an address that no text could be is nothing's", async () => {
  const request = new Request(`${testOrigin}/api/v1/x`, { headers: { authorization: `Bearer ${key}` } });
  const answer = await echo(request, { params: Promise.resolve({ id: "a\0b" }) });
  expect(answer.status).toBe(404);
});

test("a chunked body is counted, whatever its length header says", async () => {
  const request = new Request(`${testOrigin}/api/v1/x`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}` },
    body: new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(64 * 1024)),
    }),
    duplex: "half",
  } as RequestInit);
  const answer = await echo(request, { params: Promise.resolve({}) });
  expect(answer.status).toBe(413);
});

test.each([
  [undefined, 403],
  ["null", 403],
  ["https://evil.example", 403],
  ["http://localhost:3001", 403],
  ["http://localhost:3000", 200],
  ["http://127.0.0.1:3000", 200],
])("a cookie with Origin %s writes: %i", async (origin, status) => {
  const headers = { cookie, ...(origin === undefined ? {} : { origin }) };
  expect((await call(echo, { headers })).status).toBe(status);
});

test("a cookie reads without an Origin, and a key writes without one", async () => {
  expect((await call(echo, { method: "GET", headers: { cookie } })).status).toBe(200);
  expect((await call(echo)).status).toBe(200);
});

test("what nobody foresaw reads as internal; the log has it, without secrets", async () => {
  const broken = defineRoute({
    summary: "broken",
    run: async (ctx) => {
      await ctx.db.user.create({ data: { id: "usr-x", name: "canary-name", email: "ada@example.org" } });
    },
  });
  const answer = await call(broken);
  expect([answer.status, answer.body.code]).toEqual([500, "internal"]);
  expect(answer.body.detail).toBe("Something went wrong on our side. The log of the portal says what.");
  expect(portal.logged.join("")).toContain("Unique constraint failed");
  expect(portal.logged.join("")).not.toContain("canary-name");
});

test("the same key does the same request once, also at once, and answers as the first time", async () => {
  const body = JSON.stringify({ name: "idem", target: "local", model: { preset: "sentiment" } });
  const headers = { authorization: `Bearer ${key}`, "idempotency-key": "k-1" };
  const answers = await Promise.all([1, 2, 3, 4].map(() => call(making, { body, headers })));
  const made = answers.filter((a) => a.status === 201);
  expect(made.length).toBeGreaterThan(0);
  expect(new Set(made.map((a) => a.body.id)).size).toBe(1);
  for (const other of answers.filter((a) => a.status !== 201)) {
    expect([other.status, other.body.code]).toEqual([409, "in_flight"]);
  }
  const again = await call(making, { body, headers });
  expect([again.status, again.body.id]).toEqual([201, made[0]?.body.id]);
  expect(again.headers.get("idempotency-replayed")).toBe("true");
  const other = await call(making, { body: body.replace("idem", "other"), headers });
  expect([other.status, other.body.code]).toEqual([422, "idempotency_mismatch"]);
  portal.clock.move(24 * 3_600_000 + 1);
  expect((await call(making, { body, headers })).body.code).toBe("name_taken");
});

test("an error isn't kept: the mended request may use its key again", async () => {
  const headers = { authorization: `Bearer ${key}`, "idempotency-key": "k-2" };
  const wrong = JSON.stringify({ name: "Mend", target: "local", model: { preset: "sentiment" } });
  expect((await call(making, { body: wrong, headers })).status).toBe(422);
  expect((await call(making, { body: wrong.replace("Mend", "mend"), headers })).status).toBe(201);
});

describe("an error", () => {
  const sent = (name: string) => ({
    body: JSON.stringify({ name, target: "local", model: { preset: "sentiment" } }),
    headers: { authorization: `Bearer ${key}`, "idempotency-key": name },
  });
  const away = openDb("postgres://nobody@127.0.0.1:1/none");
  afterAll(() => away.$disconnect());
  const databaseAway = () => away.user.findFirst();
  const refusal = () => Promise.reject(new SluiceError("not_found", "It was removed just now."));

  test.each([
    ["a lost database", "after-lost", databaseAway, "unavailable"],
    ["a refusal", "after-refusal", refusal, "not_found"],
  ])("after it was done keeps the key: %s", async (_what, name, fails, code) => {
    const made = vi.fn(async (ctx: SealingContext, body: unknown) => {
      await createDeployment(ctx, body);
      return fails();
    });
    const doneThenLost = defineRoute({ summary: "d", run: (ctx, { body }) => made(ctx, body) });
    expect((await call(doneThenLost, sent(name))).body.code).toBe(code);
    expect(await portal.db.deployment.count({ where: { name } })).toBe(1);
    const again = await call(doneThenLost, sent(name));
    expect([again.body.code, again.body.detail]).toEqual([
      "in_flight",
      expect.stringMatching(/may have been/),
    ]);
    expect(made).toHaveBeenCalledOnce();
  });

  test.each([
    ["before", "before-begun", databaseAway],
    ["in", "before-done", ({ db }: SealingContext) => db.$transaction(databaseAway)],
  ])("of a database that is lost %s the transaction frees the key", async (_when, name, fails) => {
    let lost = true;
    const lostThenMade = defineRoute({
      summary: "l",
      async run(ctx, { body }) {
        if (lost) await fails(ctx);
        return createDeployment(ctx, body);
      },
    });
    expect((await call(lostThenMade, sent(name))).body.code).toBe("unavailable");
    lost = false;
    expect((await call(lostThenMade, sent(name))).status).toBe(200);
  });
});

test("a request whose process died may have been done: it isn't done again, and the answer says how to find out", async () => {
  const headers = { authorization: `Bearer ${key}`, "idempotency-key": "k-3" };
  const send = () => call(echo, { headers, body: "1" });
  expect((await send()).status).toBe(200);
  await portal.db.idempotentAnswer.updateMany({
    where: { key: "k-3" },
    data: { status: null, createdAt: portal.clock.now() },
  });
  const soon = await send();
  expect([soon.body.code, soon.body.detail]).toEqual(["in_flight", expect.stringMatching(/under way/)]);
  portal.clock.move(61_000);
  const later = await send();
  expect([later.body.code, later.body.detail]).toEqual(["in_flight", expect.stringMatching(/may have been/)]);
  portal.clock.move(24 * 3_600_000);
  expect((await send()).status).toBe(200);
});

test("what a stored answer holds can't be read from the table", async () => {
  const secret = defineRoute({ summary: "s", run: async () => ({ key: "canary-key" }) });
  const headers = { authorization: `Bearer ${key}`, "idempotency-key": "k-4" };
  await call(secret, { headers, body: '"canary-body"' });
  const rows = await portal.db.$queryRaw<{ row: string }[]>`select t::text as row from idempotent_answer t`;
  expect(rows.some(({ row }) => row.includes("k-4"))).toBe(true);
  expect(JSON.stringify(rows)).not.toMatch(/canary/);
  expect((await call(secret, { headers, body: '"canary-body"' })).body).toEqual({ key: "canary-key" });
});

test("an error with its own sentence keeps it", async () => {
  const refusing = defineRoute({
    summary: "r",
    run: () =>
      Promise.reject(new SluiceError("conflict", "Not now.", { fields: [{ field: "a", message: "b" }] })),
  });
  const answer = await call(refusing);
  expect(answer.body).toMatchObject({
    status: 409,
    detail: "Not now.",
    errors: [{ field: "a", message: "b" }],
  });
});
