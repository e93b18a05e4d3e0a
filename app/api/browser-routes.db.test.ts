import { afterAll, beforeAll, expect, test } from "vitest";
import * as auth from "#app/api/auth/[...all]/route.ts";
import * as signOut from "#app/api/auth/sign-out/route.ts";
import * as changes from "#app/api/changes/route.ts";
import * as health from "#app/api/health/route.ts";
import { actorFromRequest } from "#lib/auth/actor-from-request.ts";
import { createApiKey } from "#lib/auth/api-keys.ts";
import { createSignInLink } from "#lib/auth/sign-in-links.ts";
import { publish } from "#lib/changes/publish.ts";
import { createDeployment } from "#lib/deployments/create.ts";
import { testOrigin, testPortal, type TestPortal } from "#lib/web/portal-for-test.ts";

let portal: TestPortal;
beforeAll(async () => {
  portal = await testPortal();
});
afterAll(() => portal.drop());

function post(path: string, body: object, origin: string | null = testOrigin) {
  const headers = { "content-type": "application/json", ...(origin === null ? {} : { origin }) };
  return auth.POST(
    new Request(`${testOrigin}/api/auth/${path}`, { method: "POST", headers, body: JSON.stringify(body) }),
  );
}

test("signing in answers with the cookie alone: the token is nowhere that a script can read", async () => {
  const { token } = await createSignInLink({ ...portal, actor: { type: "system", reason: "t" } });
  expect((await post("sign-in/link", { token }, "https://evil.example")).status).toBe(403);
  expect((await post("sign-in/link", { token }, null)).status).toBe(403);
  const answer = await post("sign-in/link", { token });
  expect([answer.status, await answer.json()]).toEqual([200, { ok: true }]);
  expect(answer.headers.getSetCookie().join()).toMatch(/session_token=.*HttpOnly/);
});

test("signing out takes the cookie, ends the session and leads to where one signs in", async () => {
  const cookie = await portal.adminCookie();
  const ask = (origin: string) =>
    signOut.POST(new Request(`${testOrigin}/`, { method: "POST", headers: { cookie, origin } }));
  const signedIn = () => portal.auth.api.getSession({ headers: new Headers({ cookie }) });
  expect((await ask("https://evil.example")).status).toBe(403);
  expect(await signedIn()).not.toBeNull();
  const answer = await ask(testOrigin);
  expect([answer.status, answer.headers.get("location")]).toEqual([303, "/sign-in"]);
  expect(answer.headers.getSetCookie().join()).toMatch(/session_token=;.*Max-Age=0/);
  expect(await signedIn()).toBeNull();
});

test("a stranger can't make the portal hold a large body", async () => {
  const answer = await post("sign-in/email", { email: "a@example.org", password: "x".repeat(20_000) });
  expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([413, "too_large"]);
});

test.each(["sign-up/email", "request-password-reset", "update-user", "delete-user", "list-sessions"])(
  "%s isn't open",
  async (path) => {
    expect((await post(path, {})).status).toBe(404);
  },
);

test("the session can't be read as JSON either", async () => {
  const cookie = await portal.adminCookie();
  const answer = await auth.GET(new Request(`${testOrigin}/api/auth/get-session`, { headers: { cookie } }));
  expect(answer.status).toBe(404);
});

test("the stream of hints brings a person their own deployments' alone, and ends with its reader", async () => {
  const [ada, bob] = [await portal.person("Ada"), await portal.person("Bob")];
  const make = (ctx: typeof ada, name: string) =>
    createDeployment(ctx, { name, target: "local", model: { preset: "sentiment" } });
  const [mine, theirs] = [await make(ada, "mine"), await make(bob, "theirs")];
  const { key } = await createApiKey(ada, { name: "k" });
  const leave = new AbortController();
  const answer = await changes.GET(
    new Request(`${testOrigin}/api/changes`, {
      headers: { authorization: `Bearer ${key}` },
      signal: leave.signal,
    }),
    { params: Promise.resolve({}) },
  );
  let text = "";
  const reading = (async () => {
    for await (const part of answer.body ?? []) text += Buffer.from(part as Uint8Array).toString();
  })();
  await expect
    .poll(async () => {
      await publish(portal.db, { topic: "deployment", deploymentId: theirs.id });
      await publish(portal.db, { topic: "deployment", deploymentId: mine.id });
      return text;
    })
    .toContain(mine.id);
  expect(text).not.toContain(theirs.id);
  expect(text).toContain("event: change\n");
  leave.abort();
  await reading;
  expect(portal.changes.listeners).toBe(0);
});

test("the stream of hints renews a session that is due, in the database and in the browser; nothing else does", async () => {
  const cookie = await portal.adminCookie();
  const days = (count: number) => new Date(Date.now() + count * 24 * 3_600_000);
  const { id } = await portal.db.session.findFirstOrThrow({ orderBy: { createdAt: "desc" } });
  await portal.db.session.update({ where: { id }, data: { expiresAt: days(5) } });
  const ends = async () => (await portal.db.session.findUniqueOrThrow({ where: { id } })).expiresAt;
  await actorFromRequest(portal, new Headers({ cookie }));
  expect((await ends()).getTime()).toBeLessThan(days(5).getTime());
  const open = async () => {
    const answer = await changes.GET(new Request(`${testOrigin}/api/changes`, { headers: { cookie } }), {
      params: Promise.resolve({}),
    });
    await answer.body?.cancel();
    return answer.headers.getSetCookie().join();
  };
  expect(await open()).toMatch(/session_token=[^;]+; Max-Age=604800;.*HttpOnly/);
  expect((await ends()).getTime()).toBeGreaterThan(days(6.9).getTime());
  expect(await open()).toBe("");
});

test("nobody listens without being known; asked for its headers alone, the stream tells whether one is", async () => {
  const cookie = await portal.adminCookie();
  const ask = async (method: string, headers: Record<string, string> = {}) => {
    const request = new Request(`${testOrigin}/api/changes`, { method, headers });
    return (await changes.GET(request, { params: Promise.resolve({}) })).status;
  };
  expect([await ask("GET"), await ask("HEAD"), await ask("HEAD", { cookie })]).toEqual([401, 401, 200]);
  expect(portal.changes.listeners).toBe(0);
});

test("health needs no key", async () => {
  const answer = await health.GET();
  expect([answer.status, ((await answer.json()) as { version: string }).version]).toEqual([
    200,
    expect.stringMatching(/^\d+\.\d+\.\d+/) as string,
  ]);
});
