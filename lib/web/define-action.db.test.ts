import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createDeployment } from "#lib/deployments/create.ts";
import { SluiceError } from "#lib/errors.ts";
import { defineAction } from "#lib/web/define-action.ts";
import { testOrigin, testPortal, type TestPortal } from "#lib/web/portal-for-test.ts";

let sent: Record<string, string> = {};
vi.mock("next/headers", () => ({ headers: () => Promise.resolve(new Headers(sent)) }));

let portal: TestPortal;
let cookie: string;
beforeAll(async () => {
  portal = await testPortal();
  cookie = await portal.adminCookie();
});
afterAll(() => portal.drop());

const create = defineAction(createDeployment);
const good = { name: "act", target: "local", model: { preset: "sentiment" } };

test("does what a signed-in person asks from one of our pages", async () => {
  sent = { cookie, origin: testOrigin };
  expect(await create(good)).toMatchObject({ ok: true, value: { name: "act", owner: { name: "Admin" } } });
});

test("answers problems as data, field by field", async () => {
  sent = { cookie, origin: testOrigin };
  expect(await create({ ...good, name: "A" })).toMatchObject({
    ok: false,
    code: "invalid",
    fields: [{ field: "name" }],
  });
  const broken = defineAction(() => Promise.reject(new Error("a detail of ours")));
  const answer = await broken();
  expect(answer).toMatchObject({ ok: false, code: "internal" });
  expect(JSON.stringify(answer)).not.toContain("a detail of ours");
});

test.each([
  [{ origin: testOrigin }, "unauthenticated"],
  [{}, "forbidden"],
  [{ origin: "https://evil.example" }, "forbidden"],
  [{ origin: "null" }, "forbidden"],
])("refuses %j", async (headers, code) => {
  sent = code === "unauthenticated" ? headers : { cookie, ...headers };
  const action = defineAction(() => Promise.reject(new SluiceError("conflict", "It was called.")));
  expect(await action()).toMatchObject({ ok: false, code });
});

test("an API key isn't a way into a page's action", async () => {
  sent = { origin: testOrigin, authorization: "Bearer slk_x" };
  expect(await create(good)).toMatchObject({ ok: false, code: "unauthenticated" });
});
