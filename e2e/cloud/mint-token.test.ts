import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { keyFor } from "#e2e/cloud/api-for-test.ts";
import { googleForTest, owner, project } from "#e2e/cloud/google/google-for-test.ts";
import { manualClock } from "#e2e/cloud/google/model-clock.ts";
import { googleEndpoints } from "#infra/google/endpoints.ts";
import { GoogleUnreachable, TokenError } from "#infra/google/google-error.ts";
import { tokenSource } from "#infra/google/mint-token.ts";
import { parseWorkerCredentials, type WorkerCredentials } from "#lib/targets/gke/credentials.ts";

const clock = manualClock();
let google: Awaited<ReturnType<typeof googleForTest>>["google"];
beforeAll(async () => {
  ({ google } = await googleForTest({ clock, machine: { email: owner, project } }));
});
afterAll(() => google.close());

const sourceOf = (credentials: WorkerCredentials, at = clock) =>
  tokenSource(credentials, { endpoints: googleEndpoints(google.url), clock: at });
const userFor = (email: string) =>
  parseWorkerCredentials(JSON.stringify(google.tokens.addAuthorizedUser(email)));

test("a key, a sign-in and the machine itself each become a token of the account", async () => {
  for (const credentials of [keyFor(google), userFor(owner), { kind: "metadata" } as const]) {
    const source = sourceOf(credentials);
    const { value, expires } = await source.token();
    expect(google.tokens.accountOf(value)).toEqual({ email: owner });
    expect(expires.getTime() - clock.now().getTime()).toBe(3_600_000);
    expect(await source.identity()).toBe(owner);
  }
});

test("a token is kept until five minutes before its end, whoever asks at once", async () => {
  const source = sourceOf(keyFor(google));
  const [first, second] = await Promise.all([source.token(), source.token()]);
  expect(second.value).toBe(first.value);
  clock.advance(54 * 60_000);
  expect((await source.token()).value).toBe(first.value);
  clock.advance(60_000);
  expect((await source.token()).value).not.toBe(first.value);
});

test("a token with a life of seconds is kept for half of it", async () => {
  const source = sourceOf(keyFor(google));
  google.tokens.lifetimeSeconds = 10;
  const first = await source.token();
  clock.advance(4_900);
  expect((await source.token()).value).toBe(first.value);
  clock.advance(200);
  expect((await source.token()).value).not.toBe(first.value);
  google.tokens.lifetimeSeconds = 3600;
});

test("a token that was refused is forgotten, and no other one", async () => {
  const source = sourceOf(keyFor(google));
  const first = await source.token();
  source.drop("another");
  expect((await source.token()).value).toBe(first.value);
  source.drop(first.value);
  expect((await source.token()).value).not.toBe(first.value);
});

test("who gives up doesn't end it for the others", async () => {
  const source = sourceOf(keyFor(google));
  const giving = new AbortController();
  const given = source.token(giving.signal);
  const other = source.token();
  giving.abort(new Error("given up"));
  await expect(given).rejects.toThrow("given up");
  expect(google.tokens.accountOf((await other).value)).toEqual({ email: owner });
});

const codeOf = (asked: Promise<unknown>) =>
  asked.then(
    () => "none",
    (error: unknown) => (error instanceof TokenError ? error.code : String(error)),
  );

test("each way to be refused has its code", async () => {
  const gone = keyFor(google);
  google.tokens.removeServiceAccountKey(gone.privateKeyId);
  expect(await codeOf(sourceOf(gone).token())).toBe("account_gone");

  const wrong = {
    ...keyFor(google),
    privateKey: keyFor(google, "other@x.iam.gserviceaccount.com").privateKey,
  };
  expect(await codeOf(sourceOf(wrong).token())).toBe("key_refused");

  const late = manualClock(new Date(clock.now().getTime() - 3 * 3_600_000));
  expect(await codeOf(sourceOf(keyFor(google), late).token())).toBe("clock_skew");

  const revoked = { ...userFor(owner), refreshToken: "1//gone" } as WorkerCredentials;
  expect(await codeOf(sourceOf(revoked).token())).toBe("sign_in_over");
});

test("an error says what to do, and holds nothing of the key", async () => {
  const key = keyFor(google);
  google.tokens.removeServiceAccountKey(key.privateKeyId);
  const error = await sourceOf(key)
    .token()
    .catch((caught: unknown) => caught as TokenError);
  expect(error).toMatchObject({ todo: expect.stringMatching(/^See under IAM/) });
  const shown = JSON.stringify(error, Object.getOwnPropertyNames(error));
  expect(shown).not.toContain("PRIVATE KEY");
  expect(shown).not.toContain(key.privateKeyId);
});

async function answering(status: number, body: string, headers: Record<string, string> = {}) {
  const server = createServer((_request, response) => response.writeHead(status, headers).end(body));
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const endpoints = googleEndpoints(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return { endpoints, close: () => server.close() };
}

test.each([
  ['{"error":"disabled_client","error_description":"The OAuth client was disabled."}', "account_disabled"],
  ['{"error":"invalid_grant","error_description":"reauth related error (invalid_rapt)"}', "sign_in_over"],
  ['{"error":"strange"}', "token_refused"],
  ["a page", "token_refused"],
])("%s is %s", async (body, code) => {
  const { endpoints, close } = await answering(400, body);
  const source = tokenSource(keyFor(google), { endpoints, clock });
  expect(await codeOf(source.token())).toBe(code);
  close();
});

test("a token endpoint that has trouble, or isn't there, isn't the credentials' fault", async () => {
  const { endpoints, close } = await answering(503, "");
  const source = tokenSource(keyFor(google), { endpoints, clock });
  await expect(source.token()).rejects.toThrow(GoogleUnreachable);
  close();
  await expect(source.token()).rejects.toThrow(/can't be reached: ECONNREFUSED/);
});

test("an answer that isn't a token isn't taken for one", async () => {
  const { endpoints, close } = await answering(200, '{"access_token":"x"}');
  expect(await codeOf(tokenSource(keyFor(google), { endpoints, clock }).token())).toBe("token_refused");
  close();
});

test("only Google's own metadata server is asked for a token", async () => {
  const { endpoints, close } = await answering(200, '{"access_token":"x","expires_in":3600}');
  expect(await codeOf(tokenSource({ kind: "metadata" }, { endpoints, clock }).token())).toBe("no_metadata");
  close();
  expect(await codeOf(tokenSource({ kind: "metadata" }, { endpoints, clock }).token())).toBe("no_metadata");
});
