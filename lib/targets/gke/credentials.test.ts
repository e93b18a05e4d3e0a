import {
  createPrivateKey,
  createSign,
  createVerify,
  createPublicKey,
  generateKeyPairSync,
} from "node:crypto";
import { describe, expect, test } from "vitest";
import { CredentialsError } from "#lib/targets/gke/credentials-error.ts";
import {
  googleTokenUri,
  parseServiceAccountKey,
  parseWorkerCredentials,
  toKeyFile,
} from "#lib/targets/gke/credentials.ts";

const pemOf = (bits: number) =>
  generateKeyPairSync("rsa", { modulusLength: bits }).privateKey.export({ type: "pkcs8", format: "pem" });
const pem = pemOf(2048);
const file = {
  type: "service_account",
  project_id: "demo-proj",
  private_key_id: "0123456789abcdef0123456789abcdef01234567",
  private_key: pem,
  client_email: "sluice@demo-proj.iam.gserviceaccount.com",
  client_id: "100000000000000000000",
  auth_uri: "https://accounts.google.com/o/oauth2/auth",
  token_uri: googleTokenUri,
  auth_provider_x509_cert_url: "https://www.googleapis.com/oauth2/v1/certs",
  client_x509_cert_url: "https://www.googleapis.com/robot/v1/metadata/x509/sluice",
  universe_domain: "googleapis.com",
};
const user = {
  type: "authorized_user",
  client_id: "764086051850.apps.googleusercontent.com",
  client_secret: "canary-secret",
  refresh_token: "canary-refresh",
  account: "",
  quota_project_id: "demo-proj",
  universe_domain: "googleapis.com",
};

/** The refusal, in which nothing of the file's secrets may stand. */
function refusalOf(read: () => unknown): CredentialsError {
  try {
    read();
  } catch (error) {
    if (!(error instanceof CredentialsError)) throw error;
    expect(error.field).toBe("credentials");
    expect(`${error.message} ${error.stack}`).not.toMatch(/canary|BEGIN|MII/);
    return error;
  }
  throw new Error("It was taken.");
}
const uploaded = (change: Record<string, unknown>) => () =>
  parseServiceAccountKey(JSON.stringify({ ...file, ...change }));

describe("an uploaded key", () => {
  test("is taken as Google writes it, and nothing but what is needed is kept", () => {
    const key = parseServiceAccountKey(JSON.stringify(file, null, 2));
    expect(key).toEqual({
      kind: "service_account",
      clientEmail: "sluice@demo-proj.iam.gserviceaccount.com",
      projectId: "demo-proj",
      privateKeyId: file.private_key_id,
      privateKey: pem,
      tokenUri: googleTokenUri,
    });
    expect(parseServiceAccountKey(toKeyFile(key))).toEqual(key);
    expect(toKeyFile(key)).not.toContain("cert_url");
  });

  test("signs what its public part verifies", () => {
    const { privateKey } = parseServiceAccountKey(JSON.stringify(file));
    const signature = createSign("RSA-SHA256").update("a token's request").sign(privateKey);
    const open = createPublicKey(createPrivateKey(pem));
    expect(createVerify("RSA-SHA256").update("a token's request").verify(open, signature)).toBe(true);
  });

  test("asks for tokens where Google's endpoints are overridden to, and then nowhere else", () => {
    const tokenUri = "http://127.0.0.1:9/token";
    const there = JSON.stringify({ ...file, token_uri: tokenUri });
    expect(parseServiceAccountKey(there, { tokenUri }).tokenUri).toBe(tokenUri);
    expect(refusalOf(() => parseServiceAccountKey(there)).code).toBe("foreign_endpoint");
    expect(refusalOf(() => parseServiceAccountKey(JSON.stringify(file), { tokenUri })).code).toBe(
      "foreign_endpoint",
    );
  });

  test.each<[string, () => unknown, string, RegExp]>([
    ["text", () => parseServiceAccountKey("canary"), "malformed", /JSON/],
    ["a list", () => parseServiceAccountKey("[]"), "malformed", /JSON/],
    ["a picture", () => parseServiceAccountKey("x".repeat(40_000)), "too_large", /too long/],
    ["a field too few", uploaded({ private_key: undefined }), "missing_field", /private_key is missing/],
    ["a field that is no text", uploaded({ project_id: 7 }), "missing_field", /project_id/],
    ["a field too many", uploaded({ credential_source: "canary" }), "unknown_field", /credential_source/],
    ["a field whose name is secret", uploaded({ "canary key": 1 }), "unknown_field", /has a field/],
    ["a foreign endpoint", uploaded({ token_uri: "https://evil.example/token" }), "foreign_endpoint", /else/],
    ["a foreign universe", uploaded({ universe_domain: "s3nsapis.fr" }), "foreign_universe", /other cloud/],
    ["a person's address", uploaded({ client_email: "me@example.com" }), "bad_email", /client_email/],
    ["an odd project", uploaded({ project_id: "../x" }), "bad_project", /project_id/],
    ["an odd key's id", uploaded({ private_key_id: "a b" }), "bad_key", /private_key_id/],
    ["half a key", uploaded({ private_key: pem.slice(0, 400) }), "bad_key", /can't be read/],
    ["a short key", uploaded({ private_key: pemOf(1024) }), "bad_key", /2048/],
    [
      "another kind of key",
      uploaded({
        private_key: generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }),
      }),
      "bad_key",
      /RSA/,
    ],
    ["no type", uploaded({ type: undefined }), "wrong_type", /doesn't say/],
    ["a type of an object's own", uploaded({ type: "constructor" }), "wrong_type", /doesn't say/],
    ["a person's sign-in", () => parseServiceAccountKey(JSON.stringify(user)), "wrong_type", /person's/],
    ["another identity provider", uploaded({ type: "external_account" }), "wrong_type", /program/],
    ["one that acts as another", uploaded({ type: "impersonated_service_account" }), "wrong_type", /acts as/],
  ])("is refused with the reason: %s", (_, read, code, sentence) => {
    const refusal = refusalOf(read);
    expect(refusal.code).toBe(code);
    expect(refusal.message).toMatch(sentence);
    expect(refusal.message).toMatch(/Make a key|Use an account/);
  });
});

describe("the worker's own", () => {
  test("are a service account's, a person's, or the metadata server's", () => {
    expect(parseWorkerCredentials(JSON.stringify(file))).toMatchObject({ kind: "service_account" });
    expect(parseWorkerCredentials(JSON.stringify(user))).toEqual({
      kind: "authorized_user",
      clientId: user.client_id,
      clientSecret: "canary-secret",
      refreshToken: "canary-refresh",
    });
    expect(parseWorkerCredentials(null)).toEqual({ kind: "metadata" });
  });

  test.each<[string, object, string]>([
    ["another identity provider's", { ...user, type: "external_account" }, "wrong_type"],
    ["another account's", { ...user, type: "impersonated_service_account" }, "wrong_type"],
    ["Distributed Cloud's", { ...user, type: "gdch_service_account" }, "wrong_type"],
    ["another universe's", { ...user, universe_domain: "example.com" }, "foreign_universe"],
    ["a person's without a token", { ...user, refresh_token: "" }, "missing_field"],
    ["a person's with an endpoint", { ...user, token_uri: "https://evil.example" }, "unknown_field"],
    ["a key's with an endpoint", { ...file, token_uri: "https://evil.example" }, "foreign_endpoint"],
  ])("are refused: %s", (_, fields, code) => {
    expect(refusalOf(() => parseWorkerCredentials(JSON.stringify(fields))).code).toBe(code);
  });
});
