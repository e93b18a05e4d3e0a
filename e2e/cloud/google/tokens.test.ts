import { createSign } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { asker, googleForTest, owner, project } from "#e2e/cloud/google/google-for-test.ts";
import { manualClock } from "#e2e/cloud/google/model-clock.ts";
import type { ServiceAccountKey } from "#e2e/cloud/google/tokens.ts";

const clock = manualClock();
let held: Awaited<ReturnType<typeof googleForTest>>;
beforeAll(async () => {
  held = await googleForTest({ clock, machine: { email: owner, project } });
});
afterAll(() => held.google.close());

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

function assertion(key: ServiceAccountKey, changed: object = {}): string {
  const now = Math.floor(clock.now().getTime() / 1000);
  const scope = "https://www.googleapis.com/auth/cloud-platform";
  const claims = { iss: key.client_email, aud: key.token_uri, scope, iat: now, exp: now + 3600, ...changed };
  const signed = `${part({ alg: "RS256", typ: "JWT", kid: key.private_key_id })}.${part(claims)}`;
  return `${signed}.${createSign("RSA-SHA256").update(signed).sign(key.private_key, "base64url")}`;
}

async function grant(form: Record<string, string>) {
  const response = await fetch(held.google.endpoints.token, {
    method: "POST",
    body: new URLSearchParams(form),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const jwt = (text: string) =>
  grant({ grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion: text });
const regions = `/compute/beta/projects/${project}/regions`;

test("a key's signature becomes a token, which ends with its life", async () => {
  const key = held.google.tokens.addServiceAccountKey(owner, project);
  held.google.tokens.lifetimeSeconds = 5;
  const { status, body } = await jwt(assertion(key));
  expect({ status, body }).toMatchObject({ status: 200, body: { expires_in: 5, token_type: "Bearer" } });
  const ask = asker(held.google, String(body.access_token));
  expect(await ask("GET", regions)).toMatchObject({ status: 200 });
  const info = await fetch(`${held.google.endpoints.tokenInfo}?access_token=${String(body.access_token)}`);
  expect(await info.json()).toMatchObject({ email: owner, expires_in: "5" });
  clock.advance(5000);
  expect(await ask("GET", regions)).toMatchObject({ status: 401 });
  held.google.tokens.lifetimeSeconds = 3600;
});

test("a key that isn't Google's, or no longer, is refused", async () => {
  const { tokens } = held.google;
  const key = tokens.addServiceAccountKey(owner, project);
  const other = tokens.addServiceAccountKey("other@demo-proj.iam.gserviceaccount.com", project);
  const forged = assertion({ ...key, private_key: other.private_key });
  const refused = { status: 400, body: { error: "invalid_grant" } };
  expect(await jwt(forged)).toMatchObject({
    ...refused,
    body: { error_description: "Invalid JWT Signature." },
  });
  expect(await jwt(assertion(key, { aud: "https://elsewhere/token" }))).toMatchObject(refused);
  expect(await jwt(assertion(key, { exp: Math.floor(clock.now().getTime() / 1000) - 1 }))).toMatchObject(
    refused,
  );
  expect(await jwt(assertion(key, { scope: "" }))).toMatchObject(refused);
  expect(await jwt(assertion({ ...key, client_email: "nobody@elsewhere" }))).toMatchObject(refused);
  expect(await jwt("no.such.thing")).toMatchObject({ status: 400 });
  tokens.removeServiceAccountKey(key.private_key_id);
  expect(await jwt(assertion(key))).toMatchObject(refused);
});

test("a person's refresh token becomes a token", async () => {
  const { client_id, client_secret, refresh_token } =
    held.google.tokens.addAuthorizedUser("person@example.com");
  const form = { grant_type: "refresh_token", client_id, client_secret, refresh_token };
  const { body } = await grant(form);
  expect(held.google.tokens.accountOf(String(body.access_token))).toEqual({ email: "person@example.com" });
  expect(await grant({ ...form, refresh_token: "1//other" })).toMatchObject({
    status: 400,
    body: { error: "invalid_grant" },
  });
  expect(await grant({ ...form, client_secret: "other" })).toMatchObject({
    status: 401,
    body: { error: "invalid_client" },
  });
  expect(await grant({ grant_type: "password" })).toMatchObject({
    status: 400,
    body: { error: "unsupported_grant_type" },
  });
});

test("the metadata server speaks for its machine, to who knows its header", async () => {
  const url = `${held.google.url}/computeMetadata/v1/instance/service-accounts/default/token`;
  expect((await fetch(url)).status).toBe(403);
  const response = await fetch(url, { headers: { "Metadata-Flavor": "Google" } });
  expect(response.headers.get("metadata-flavor")).toBe("Google");
  const { access_token } = (await response.json()) as { access_token: string };
  expect(held.google.tokens.accountOf(access_token)).toEqual({ email: owner });
  const id = `${held.google.url}/computeMetadata/v1/project/project-id`;
  expect(await (await fetch(id, { headers: { "Metadata-Flavor": "Google" } })).text()).toBe(project);
});
