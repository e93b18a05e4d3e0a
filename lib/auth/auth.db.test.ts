import { afterAll, beforeAll, expect, test } from "vitest";
import { actorFromRequest } from "#lib/auth/actor-from-request.ts";
import { openAuth } from "#lib/auth/auth.ts";
import { disablePerson } from "#lib/auth/people.ts";
import { createSignInLink } from "#lib/auth/sign-in-links.ts";
import { changePassword } from "#lib/auth/account.ts";
import { readEnv } from "#lib/env.ts";
import { testOrigin, testPortal, type TestPortal } from "#lib/web/portal-for-test.ts";

let portal: TestPortal;
beforeAll(async () => {
  portal = await testPortal();
});
afterAll(() => portal.drop());

function post(path: string, body: object, headers: Record<string, string> = {}, origin = testOrigin) {
  return portal.auth.handler(
    new Request(`${origin}/api/auth/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", origin, ...headers },
      body: JSON.stringify(body),
    }),
  );
}

function cookiesOf(answer: Response): string {
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0])
    .join("; ");
}

async function withPassword(name: string) {
  const ctx = await portal.person(name);
  await changePassword(ctx, { newPassword: "a good password" });
  return { ctx, body: { email: `${name.toLowerCase()}@example.org`, password: "a good password" } };
}

test.each([
  ["http://localhost:3000", "Lola"],
  ["http://127.0.0.1:3000", "Ipa"],
])("signs in by password at %s over plain HTTP", async (origin, name) => {
  const { ctx, body } = await withPassword(name);
  const answer = await post("sign-in/email", body, {}, origin);
  expect(answer.status).toBe(200);
  const cookies = answer.headers.getSetCookie();
  expect(
    cookies.every(
      (cookie) => /HttpOnly/.test(cookie) && /SameSite=Lax/.test(cookie) && !/Secure/.test(cookie),
    ),
  ).toBe(true);
  const identified = await actorFromRequest(portal, new Headers({ cookie: cookiesOf(answer) }));
  expect(identified).toEqual({ actor: ctx.actor, by: "session" });
});

test("cookies are Secure where the public address is https", async () => {
  const env = readEnv({ SLUICE_URL: "https://sluice.example.org", SLUICE_HOME: "/nonexistent" });
  const auth = openAuth({ ...portal, env });
  const { token } = await createSignInLink({ ...portal, actor: { type: "system", reason: "t" } });
  const answer = await auth.handler(
    new Request("https://sluice.example.org/api/auth/sign-in/link", {
      method: "POST",
      headers: { "content-type": "application/json", origin: "https://sluice.example.org" },
      body: JSON.stringify({ token }),
    }),
  );
  expect(answer.status).toBe(200);
  expect(answer.headers.getSetCookie().every((cookie) => /Secure/.test(cookie))).toBe(true);
});

test("a link begins a session; a wrong one says why", async () => {
  const { token } = await createSignInLink({ ...portal, actor: { type: "system", reason: "t" } });
  const answer = await post("sign-in/link", { token });
  expect(await actorFromRequest(portal, new Headers({ cookie: cookiesOf(answer) }))).toMatchObject({
    actor: { role: "admin" },
  });
  const again = await post("sign-in/link", { token });
  expect([again.status, await again.json()]).toEqual([
    404,
    {
      code: "not_found",
      message: expect.stringMatching(/^This link was used already/) as string,
      errors: [],
    },
  ]);
});

test("nobody signs up, and a wrong password and an unknown address read the same", async () => {
  expect(
    (await post("sign-up/email", { email: "x@example.org", password: "a good password", name: "X" })).status,
  ).toBe(400);
  const { body } = await withPassword("Zoe");
  const wrong = await post("sign-in/email", { ...body, password: "not this one" });
  const unknown = await post("sign-in/email", { email: "nobody@example.org", password: "not this one" });
  expect([wrong.status, await wrong.json()]).toEqual([unknown.status, await unknown.json()]);
});

test("a disabled person is out at once and can't come back", async () => {
  const admin = await portal.person("Boss", "admin");
  const { ctx, body } = await withPassword("Out");
  const session = new Headers({ cookie: cookiesOf(await post("sign-in/email", body)) });
  expect(await actorFromRequest(portal, session)).not.toBeNull();
  await disablePerson(admin, ctx.userId);
  expect(await actorFromRequest(portal, session)).toBeNull();
  const answer = await post("sign-in/email", body);
  expect([answer.status, ((await answer.json()) as { message: string }).message]).toEqual([
    403,
    "This account is disabled.",
  ]);
});

test("guessing is slowed, but not for a device that signed in before", async () => {
  const { body } = await withPassword("Vic");
  const device = cookiesOf(await post("sign-in/email", body));
  const statuses: number[] = [];
  for (let i = 0; i < 12; i++)
    statuses.push((await post("sign-in/email", { ...body, password: "wrong wrong" })).status);
  expect(statuses.slice(-2)).toEqual([429, 429]);
  const refused = await post("sign-in/email", body);
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "900"]);
  expect((await post("sign-in/email", body, { cookie: device })).status).toBe(200);
});

test("an Authorization header that isn't a key is refused, whatever the cookie", async () => {
  await expect(actorFromRequest(portal, new Headers({ authorization: "Basic eDp5" }))).rejects.toMatchObject({
    code: "unauthenticated",
  });
  await expect(actorFromRequest(portal, new Headers({ authorization: "Bearer slk_x" }))).rejects.toThrow(
    /isn't known/,
  );
  expect(await actorFromRequest(portal, new Headers())).toBeNull();
});
