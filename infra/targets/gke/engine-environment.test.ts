import { expect, test } from "vitest";
import { googleEndpoints } from "#infra/google/endpoints.ts";
import { googleEnvironment } from "#infra/targets/gke/engine-environment.ts";

const key = {
  kind: "service_account",
  clientEmail: "owner@demo-proj.iam.gserviceaccount.com",
  projectId: "demo-proj",
  privateKeyId: "k1",
  privateKey: "PEM",
  tokenUri: "https://oauth2.googleapis.com/token",
} as const;
const user = { kind: "authorized_user", clientId: "c", clientSecret: "s", refreshToken: "r" } as const;
const override = googleEndpoints("http://127.0.0.1:4000");
/** Of its own accord the plugin would ask Google, wherever the APIs are. */
const noRegions = { PULUMI_GCP_SKIP_REGION_VALIDATION: "true" };
const credentialsIn = (environment: Record<string, string>) =>
  JSON.parse(environment.GOOGLE_CREDENTIALS!) as Record<string, string>;

test.each([key, user])(
  "beside who asks the plugin is told nothing but to ask for no regions: $kind",
  (asking) => {
    const { GOOGLE_CREDENTIALS: given, ...others } = googleEnvironment(asking, override);
    expect(given).toBeDefined();
    expect(others).toEqual(noRegions);
  },
);

test("the plugin is given a key as its file has it, with where tokens are asked for", () => {
  expect(credentialsIn(googleEnvironment(key, null))).toEqual({
    type: "service_account",
    project_id: "demo-proj",
    private_key_id: "k1",
    private_key: "PEM",
    client_email: key.clientEmail,
    token_uri: key.tokenUri,
  });
});

test("a person's sign-in is given alike; its tokens come from where the APIs are", () => {
  const usual = { type: "authorized_user", client_id: "c", client_secret: "s", refresh_token: "r" };
  expect(credentialsIn(googleEnvironment(user, null))).toEqual(usual);
  expect(credentialsIn(googleEnvironment(user, override))).toEqual({ ...usual, token_uri: override.token });
});

test("a machine of Google's has its metadata server: nothing is given but where that is instead", () => {
  expect(googleEnvironment({ kind: "metadata" }, null)).toEqual(noRegions);
  expect(googleEnvironment({ kind: "metadata" }, override)).toEqual({
    ...noRegions,
    GCE_METADATA_HOST: "127.0.0.1:4000",
  });
});
