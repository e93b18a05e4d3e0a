import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { googleForTest, owner, project } from "#e2e/cloud/google/google-for-test.ts";
import { manualClock } from "#e2e/cloud/google/model-clock.ts";
import { checkResource } from "#e2e/cloud/stand-in/check-resource.ts";
import { findCredentials } from "#e2e/cloud/stand-in/credentials.ts";
import { cloudDeclarations } from "#e2e/cloud/stand-in/declarations.ts";
import { diffInputs } from "#e2e/cloud/stand-in/diff-inputs.ts";
import { GoogleApiError } from "#e2e/cloud/stand-in/google-api-error.ts";
import { kindFiles } from "#e2e/cloud/stand-in/kind-files.ts";
import { kinds } from "#e2e/cloud/stand-in/kinds/by-type.ts";
import { checkConfig, readConfig } from "#e2e/cloud/stand-in/provider-config.ts";
import { tokenSource } from "#e2e/cloud/stand-in/token-source.ts";
import { inWordsOf, isAsAsked } from "#e2e/cloud/stand-in/values.ts";
import { everyPlan, isGoogles } from "#lib/targets/gke/plan-for-test.ts";
import { gkeTypes, type GkeType } from "#lib/targets/gke/types.ts";
import { secretName } from "#lib/targets/secret-input.ts";

const own = {
  computeCustomEndpoint: "http://127.0.0.1:1/compute/beta/",
  containerCustomEndpoint: "http://127.0.0.1:1/container/v1beta1/",
  storageCustomEndpoint: "http://127.0.0.1:1/storage/v1/",
};
const token = { GOOGLE_OAUTH_ACCESS_TOKEN: "t" };

describe("where it asks", () => {
  test("an argument that the SDK doesn't have is refused", () => {
    expect(checkConfig({ ...own, computeEndpoint: "x" }, token)).toMatchObject([
      { property: "computeEndpoint" },
    ]);
  });
  test("each API has to be given, on this machine, with its version", () => {
    expect(checkConfig(own, token)).toEqual([]);
    const problems = (change: object) =>
      checkConfig({ ...own, ...change }, token).map(({ property }) => property);
    expect(problems({ containerCustomEndpoint: undefined })).toEqual(["containerCustomEndpoint"]);
    expect(problems({ computeCustomEndpoint: "https://compute.googleapis.com/compute/beta/" })).toEqual([
      "computeCustomEndpoint",
    ]);
    expect(problems({ storageCustomEndpoint: "http://127.0.0.1:1/storage/v1" })).toEqual([
      "storageCustomEndpoint",
    ]);
  });
  test("what isn't text comes as JSON, and places come from the environment where no argument has them", () => {
    const environment = { ...token, GOOGLE_CLOUD_PROJECT: "from-env", GOOGLE_REGION: "r" };
    expect(readConfig({ ...own, addPulumiAttributionLabel: "false" }, environment)).toMatchObject({
      isAttributed: false,
      project: "from-env",
      region: "r",
    });
    expect(readConfig({ ...own, project: "given" }, environment)).toMatchObject({ project: "given" });
  });
});

describe("whose credentials it takes", () => {
  const key = (email: string) =>
    JSON.stringify({
      type: "service_account",
      client_email: email,
      private_key: "k",
      private_key_id: "i",
      token_uri: "http://127.0.0.1:1/token",
    });
  const nowhere = { HOME: "/nonexistent" };

  test("in the plugin's order: arguments, its own variables, then those of Google's libraries", () => {
    const folder = mkdtempSync(path.join(tmpdir(), "sluice-credentials-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = path.join(folder, "key.json");
    writeFileSync(file, key("file"));
    const all = {
      ...nowhere,
      GOOGLE_CREDENTIALS: key("first"),
      GOOGLE_CLOUD_KEYFILE_JSON: key("second"),
      GOOGLE_APPLICATION_CREDENTIALS: file,
      GCE_METADATA_HOST: "127.0.0.1:2",
    };
    expect(findCredentials({ accessToken: "a", credentials: key("given") }, all)).toEqual({
      kind: "token",
      token: "a",
    });
    expect(findCredentials({ credentials: key("given") }, { ...all, ...token })).toMatchObject({
      email: "given",
    });
    expect(findCredentials({}, { ...all, ...token })).toMatchObject({ kind: "token" });
    expect(findCredentials({}, all)).toMatchObject({ email: "first" });
    expect(findCredentials({}, { ...all, GOOGLE_CREDENTIALS: undefined })).toMatchObject({ email: "second" });
    const rest = { ...all, GOOGLE_CREDENTIALS: undefined, GOOGLE_CLOUD_KEYFILE_JSON: undefined };
    expect(findCredentials({}, rest)).toMatchObject({ email: "file" });
    expect(findCredentials({}, { ...rest, GOOGLE_APPLICATION_CREDENTIALS: undefined })).toEqual({
      kind: "metadata",
      host: "127.0.0.1:2",
    });
    expect(findCredentials({}, { ...nowhere, GOOGLE_CREDENTIALS: file })).toMatchObject({ email: "file" });
  });

  test("none is an error, and so is what leads to another host", () => {
    expect(() => findCredentials({}, nowhere)).toThrow("could not find default credentials");
    expect(() => findCredentials({}, { ...nowhere, GCE_METADATA_HOST: "169.254.169.254" })).toThrow(
      "never to Google",
    );
    const far = JSON.stringify({ ...(JSON.parse(key("x")) as object), token_uri: undefined });
    expect(() => findCredentials({ credentials: far }, nowhere)).toThrow("never to Google");
    expect(() => findCredentials({ credentials: '{"type":"external_account"}' }, nowhere)).toThrow("unknown");
    expect(() => findCredentials({ credentials: "{" }, nowhere)).toThrow("not valid");
  });

  test.each(["service account", "person", "machine"])(
    "a token of a %s is renewed before it ends",
    async (who) => {
      const clock = manualClock();
      const { google } = await googleForTest({ clock, machine: { email: owner, project } });
      onTestFinished(() => google.close());
      google.tokens.lifetimeSeconds = 60;
      const { endpoints, tokens } = google;
      const environments: Record<string, Record<string, string>> = {
        "service account": {
          GOOGLE_CREDENTIALS: JSON.stringify(tokens.addServiceAccountKey(owner, project)),
        },
        person: {
          GOOGLE_CREDENTIALS: JSON.stringify({
            ...tokens.addAuthorizedUser(owner),
            token_uri: endpoints.token,
          }),
        },
        machine: { GCE_METADATA_HOST: endpoints.metadata },
      };
      const source = tokenSource(findCredentials({}, { ...nowhere, ...environments[who]! }), clock);
      const { signal } = new AbortController();
      const first = await source.token(signal);
      expect(tokens.accountOf(first)).toEqual({ email: owner });
      clock.advance(49_000);
      expect(await source.token(signal)).toBe(first);
      clock.advance(2000);
      const second = await source.token(signal);
      expect(second).not.toBe(first);
      expect(tokens.accountOf(second)).toEqual({ email: owner });
    },
  );
});

describe("what the SDK declares", () => {
  test.each(everyPlan)("all that is in the plan: %s", (_form, plan) => {
    for (const { type, inputs } of plan.filter(isGoogles)) {
      expect(checkResource(type, withoutSecrets(inputs))).toEqual([]);
    }
  });

  test("has each input that this stand-in knows, and each that it holds for immovable", () => {
    const declared = cloudDeclarations();
    for (const [type, { fields, immovable }] of Object.entries(kinds)) {
      const { [`args:${kindFiles[type as GkeType]}`]: args } = declared;
      const unknown = Object.keys(fields).filter((name) => !(name in args!));
      expect([type, unknown.filter((name) => !["project", "deletionPolicy"].includes(name))]).toEqual([
        type,
        [],
      ]);
      expect([type, immovable.filter((name) => !(name.split(".")[0]! in fields))]).toEqual([
        type,
        immovable.filter((name) => name === "description" && !("description" in fields)),
      ]);
    }
  });

  test("has words for enums, which are held to", () => {
    const inputs = { name: "a", healthChecks: "h", localityLbPolicy: "LEAST_CONN" };
    expect(checkResource(gkeTypes.backendService, inputs)).toEqual([
      {
        property: "localityLbPolicy",
        reason: expect.stringMatching(/^must be one of ROUND_ROBIN, /) as string,
      },
    ]);
  });
});

function withoutSecrets(inputs: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [name, secretName(value) === null ? value : "secret"]),
  );
}

describe("what differs", () => {
  const network = "projects/p/global/networks/n";

  test("isn't how a link begins, in which order things are, or what Google adds", () => {
    const link = `https://www.googleapis.com/compute/v1/${network}`;
    expect(isAsAsked(network, `http://127.0.0.1:1/compute/beta/${network}`)).toBe(true);
    expect(isAsAsked(link, network)).toBe(true);
    expect(isAsAsked(["a", "b"], ["b", "a"])).toBe(true);
    expect(isAsAsked(["a", "a"], ["a", "b"])).toBe(false);
    expect(isAsAsked({ a: 1 }, { a: "1", b: 2 })).toBe(true);
    expect(isAsAsked({ a: false, b: [] }, {})).toBe(true);
    expect(isAsAsked({ a: 1 }, {})).toBe(false);
  });

  test("is told in the words in which the rest was asked for", () => {
    const live = { network: `http://127.0.0.1:1/compute/beta/${network}`, size: 2, more: 1 };
    expect(inWordsOf({ network, size: 1 }, live)).toEqual({ network, size: 2 });
  });

  const diff = (type: GkeType, before: object, after: object, state: object = {}) =>
    diffInputs(kinds[type], { ...before }, { ...state }, { ...after });

  test("means another thing only where it can't be changed", () => {
    const rule = { name: "a", target: "t", portRange: "80" };
    expect(diff(gkeTypes.forwardingRule, rule, { ...rule, target: "u" })).toEqual({
      diffs: ["target"],
      replaces: [],
    });
    expect(diff(gkeTypes.forwardingRule, rule, { ...rule, portRange: "443" }).replaces).toEqual([
      "portRange",
    ]);
    expect(diff(gkeTypes.forwardingRule, rule, { ...rule, portRange: "80-80" }).diffs).toEqual([]);
    const pool = { name: "a", nodeConfig: { spot: true, tags: ["a"] } };
    const retagged = { ...pool, nodeConfig: { spot: true, tags: ["b"] } };
    expect(diff(gkeTypes.nodePool, pool, retagged)).toEqual({ diffs: ["nodeConfig"], replaces: [] });
    const firm = { ...pool, nodeConfig: { spot: false, tags: ["a"] } };
    expect(diff(gkeTypes.nodePool, pool, firm).replaces).toEqual(["nodeConfig.spot"]);
  });

  test("isn't an address that was given by its link", () => {
    const link = "projects/p/global/addresses/a";
    const rule = { name: "a", target: "t", ipAddress: link };
    expect(diff(gkeTypes.forwardingRule, { ...rule, ipAddress: "203.0.113.1" }, rule).diffs).toEqual([]);
    const other = { ...rule, ipAddress: "projects/p/global/addresses/b" };
    expect(diff(gkeTypes.forwardingRule, rule, other).replaces).toEqual(["ipAddress"]);
  });

  test("is what a program leaves out from now on, unless Google had it so anyway", () => {
    const firewall = { name: "a", network, priority: 5 };
    const { priority: _, ...without } = firewall;
    expect(diff(gkeTypes.firewall, firewall, without).diffs).toEqual(["priority"]);
    expect(diff(gkeTypes.firewall, { ...firewall, priority: 1000 }, without).diffs).toEqual([]);
    expect(diff(gkeTypes.network, { name: "a", mtu: 1460 }, { name: "a" }).diffs).toEqual([]);
  });
});

test("Google's refusals are in the words of its client for Go", () => {
  const body = (errors: object[], details?: object[]) =>
    JSON.stringify({ error: { code: 409, message: "It is there", errors, details } });
  expect(new GoogleApiError(409, body([{ message: "It is there", reason: "alreadyExists" }])).message).toBe(
    "googleapi: Error 409: It is there, alreadyExists",
  );
  expect(new GoogleApiError(500, "broken").message).toBe(
    "googleapi: got HTTP response code 500 with body: broken",
  );
  expect(new GoogleApiError(403, body([], [{ reason: "X" }])).message).toContain(
    'Details:\n[\n  {\n    "reason": "X"',
  );
});
