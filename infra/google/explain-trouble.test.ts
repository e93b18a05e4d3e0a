import { expect, test } from "vitest";
import { ZodError } from "zod";
import { explainTrouble, missingPermission } from "#infra/google/explain-trouble.ts";
import { GoogleError, GoogleUnreachable, refusalOf, TokenError } from "#infra/google/google-error.ts";
import { UnsealError } from "#lib/secrets/seal.ts";
import { CredentialsError } from "#lib/targets/gke/credentials-error.ts";
import { projectTroubles } from "#lib/targets/gke/findings.ts";

const timeout = Object.assign(new Error("late"), { name: "TimeoutError" });
const disabled = new GoogleError(403, "forbidden", "It is disabled.", {
  reason: "SERVICE_DISABLED",
  metadata: { service: "compute.googleapis.com", activationUrl: "https://console.developers.google.com/x" },
});

test.each<[unknown, string]>([
  [new TokenError("clock_skew", "The clock.", "Set it."), "clock_skew"],
  [new CredentialsError("bad_key", "Its key."), "credentials"],
  [new UnsealError("x"), "unsealable"],
  [new GoogleUnreachable("Google's API compute can't be reached: ENOTFOUND."), "unreachable"],
  [timeout, "unreachable"],
  [new ZodError([]), "not_understood"],
  [new GoogleError(500, "backendError", "Oh."), "not_understood"],
  [new GoogleError(403, "forbidden", "Required 'compute.regions.get' permission for 'x'"), "right_missing"],
  [disabled, "api_disabled"],
  [
    new GoogleError(403, "forbidden", "No.", { reason: "BILLING_DISABLED", metadata: {} }),
    "billing_disabled",
  ],
  [new GoogleError(403, "forbidden", "This API method requires billing to be enabled."), "billing_disabled"],
  [
    new GoogleError(403, "insufficientPermissions", "Request had insufficient authentication scopes."),
    "scope_too_narrow",
  ],
])("%s is %s, with a sentence and a next step", (error, code) => {
  const found = explainTrouble(error, "demo-proj");
  expect(projectTroubles).toContain(found.code);
  expect(found).toMatchObject({
    code,
    message: expect.stringMatching(/\S\.$/),
    todo: expect.stringMatching(/\S\.$/),
  });
});

test("an API is enabled where Google says, since it may be another project's", () => {
  expect(explainTrouble(disabled, "demo-proj").link).toBe("https://console.developers.google.com/x");
});

test("an error of our own is no trouble of Google's", () => {
  const bug = new TypeError("undefined is not a function");
  expect(() => explainTrouble(bug, "demo-proj")).toThrow(bug);
});

test.each([
  [
    "Required 'compute.firewalls.create' permission for 'projects/p/global/firewalls/x'",
    "compute.firewalls.create",
  ],
  ['Required "container.clusters.list" permission(s) for "projects/p".', "container.clusters.list"],
  [
    "a@p.iam.gserviceaccount.com does not have storage.buckets.get access to the Google Cloud Storage bucket.",
    "storage.buckets.get",
  ],
  ["Forbidden", null],
])("%s lacks %s", (message, permission) => {
  expect(missingPermission(new GoogleError(403, "forbidden", message))).toBe(permission);
});

test("a refusal is read in each of the forms that Google has", () => {
  const modern = {
    error: {
      code: 403,
      message: "No.",
      status: "PERMISSION_DENIED",
      details: [{ "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason: "X", metadata: { a: "b" } }],
    },
  };
  expect(refusalOf(403, JSON.stringify(modern), "")).toMatchObject({
    status: 403,
    reason: "PERMISSION_DENIED",
    message: "No.",
    info: { reason: "X", metadata: { a: "b" } },
  });
  expect(refusalOf(502, "<html>Bad gateway", "")).toMatchObject({
    status: 502,
    message: "Google answered 502.",
  });
  expect(refusalOf(400, '{"error":"invalid_grant"}', "")).toMatchObject({ message: "Google answered 400." });
  expect(refusalOf(400, '"text"', "")).toMatchObject({ status: 400 });
  expect(refusalOf(400, "null", "")).toMatchObject({ status: 400 });
});
