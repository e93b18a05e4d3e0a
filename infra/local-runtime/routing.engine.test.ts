import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  call,
  deploy,
  harness,
  makeDeployment,
  type Harness,
} from "#infra/local-runtime/fixtures/harness.ts";
import type { Rule } from "#lib/deployments/spec.ts";
import { affinityCookieName } from "#lib/routing/affinity-cookie.ts";
import { chooseVariant, type Routing } from "#lib/routing/choose-variant.ts";

let h: Harness;
beforeAll(async () => (h = await harness()));
afterAll(() => h.close());

const rules: Rule[] = [
  { variant: "b", method: "DELETE" },
  { variant: "b", pathPrefix: "/v2", header: { name: "x-tier", value: "gold" } },
  { variant: "c", pathPrefix: "/v2/" },
  { variant: "d", header: { name: "X-Odd", value: `it's a "test" \\ $HOME #no } {` } },
  { variant: "b", header: { name: "x-'`|~", value: "%[src]" } },
  { variant: "c", cookie: { name: "beta", value: "yes=please" } },
  { variant: "d", query: { name: "plan", value: "a b&c=d" } },
  { variant: "b", query: { name: "it's (odd), isn't it", value: "-i" } },
  { variant: "c", header: { name: "accept", value: "--" } },
];

type Case = { target: string; method?: string; headers?: Record<string, string>; expected: string };

// Without a rule everything goes to a, which has all the weight.
const cases: Record<string, Case> = {
  "nothing matches": { target: "/", expected: "a" },
  method: { target: "/v2", method: "DELETE", expected: "b" },
  "path and header together": { target: "/v2/x", headers: { "x-tier": "gold" }, expected: "b" },
  "one of two conditions": { target: "/v3", headers: { "x-tier": "gold" }, expected: "a" },
  "another value": { target: "/v2/x", headers: { "x-tier": "golden" }, expected: "c" },
  "the prefix itself": { target: "/v2", expected: "c" },
  "the prefix with a query": { target: "/v2?x=1", expected: "c" },
  "below the prefix": { target: "/v2/predict", expected: "c" },
  "a longer word": { target: "/v22", expected: "a" },
  "another case": { target: "/V2", expected: "a" },
  "a header with every special character": {
    target: "/",
    headers: { "x-odd": `it's a "test" \\ $HOME #no } {` },
    expected: "d",
  },
  "a header's odd name": { target: "/", headers: { "x-'`|~": "%[src]" }, expected: "b" },
  "a value like an option": { target: "/", headers: { accept: "--" }, expected: "c" },
  cookie: { target: "/", headers: { cookie: "a=1; beta=yes=please; z=2" }, expected: "c" },
  "a cookie behind a comma": { target: "/", headers: { cookie: "beta=yes=please,z=2" }, expected: "c" },
  "a cookie's other value": { target: "/", headers: { cookie: "beta=yes" }, expected: "a" },
  "query, decoded": { target: "/x?other=1&plan=a%20b%26c%3Dd", expected: "d" },
  "query with plus": { target: "/x?plan=a+b%26c%3Dd", expected: "d" },
  "query, second of two": { target: "/x?plan=no&plan=a%20b%26c%3Dd", expected: "d" },
  "query's odd name": { target: `/x?${encodeURIComponent("it's (odd), isn't it")}=-i`, expected: "b" },
  "query in the path": { target: "/plan=a%20b%26c%3Dd", expected: "a" },
};

const variantOf = (answer: { text: string }) => (JSON.parse(answer.text) as { variant: string }).variant;

describe("rules", () => {
  it("mean the same to the model and to HAProxy", async () => {
    const { id } = await makeDeployment(h.database);
    const weights = { a: 100, b: 0, c: 0, d: 0 };
    const variants = Object.fromEntries(Object.entries(weights).map(([name, weight]) => [name, { weight }]));
    const { url } = await deploy(h.client(), id, { access: "open", variants, rules });
    const routing: Routing = {
      deploymentId: id,
      rules,
      weights: Object.entries(weights).map(([variant, weight]) => ({ variant, weight })),
      affinity: { by: "none" },
    };
    for (const [name, { target, method = "GET", headers = {}, expected }] of Object.entries(cases)) {
      expect(
        chooseVariant(routing, { method, target, headers, ip: "127.0.0.1" }, 0),
        `the model: ${name}`,
      ).toBe(expected);
      const answer = await call(`${url}${target}`, { method, headers });
      expect(variantOf(answer), `HAProxy: ${name}`).toBe(expected);
    }
  });

  it("without weights, what no rule takes is refused with a reason", async () => {
    const { id } = await makeDeployment(h.database);
    const { url } = await deploy(h.client(), id, {
      access: "open",
      variants: { a: { weight: 0 } },
      rules: [{ variant: "a", pathPrefix: "/a" }],
    });
    expect((await call(`${url}/a`)).status).toBe(200);
    const refused = await call(`${url}/b`);
    expect(refused.status).toBe(503);
    expect(JSON.parse(refused.text)).toMatchObject({ status: 503, code: "unavailable" });
  });
});

describe("weights", () => {
  it("share requests as they say", async () => {
    const { id } = await makeDeployment(h.database);
    const variants = { a: { weight: 70 }, b: { weight: 25 }, c: { weight: 5 } };
    const { url } = await deploy(h.client(), id, { access: "open", variants });
    const seen = await sample(1_000, () => call(url));
    for (const [variant, { weight }] of Object.entries(variants)) {
      const share = weight / 100;
      const sigma = Math.sqrt(1_000 * share * (1 - share));
      // 4 σ: one run in 5,000 would fail by chance.
      expect(Math.abs((seen.get(variant) ?? 0) - 1_000 * share)).toBeLessThan(4 * sigma);
    }
  });
});

async function sample(count: number, send: () => Promise<{ text: string }>): Promise<Map<string, number>> {
  const seen = new Map<string, number>();
  for (let done = 0; done < count; done += 25) {
    for (const answer of await Promise.all(Array.from({ length: 25 }, send))) {
      seen.set(variantOf(answer), (seen.get(variantOf(answer)) ?? 0) + 1);
    }
  }
  return seen;
}

describe("affinity", () => {
  const variants = { a: { weight: 50, scaling: { minReplicas: 2 } }, b: { weight: 50 } };
  const replicaOf = (answer: { headers: Record<string, unknown> }) =>
    String(answer.headers["x-sluice-replica"]);

  it("by header: one value, one variant and one replica, as the model says", async () => {
    const { id } = await makeDeployment(h.database);
    const affinity = { by: "header" as const, header: "x-user" };
    const { url } = await deploy(h.client(), id, { access: "open", variants, affinity });
    const routing: Routing = {
      deploymentId: id,
      rules: [],
      weights: [
        { variant: "a", weight: 50 },
        { variant: "b", weight: 50 },
      ],
      affinity,
    };
    const homes = new Set<string>();
    for (let user = 0; user < 30; user++) {
      const headers = { "x-user": `user-${user}` };
      const answers = await Promise.all([1, 2, 3].map(() => call(url, { headers })));
      expect(new Set(answers.map(replicaOf)).size).toBe(1);
      const [first] = answers;
      const request = { method: "GET", target: "/", headers, ip: "127.0.0.1" };
      expect(first && variantOf(first)).toBe(chooseVariant(routing, request, 0));
      if (first) homes.add(replicaOf(first));
    }
    expect(homes.size).toBe(3);
    const without = await sample(100, () => call(url));
    expect(without.size).toBe(2);
  });

  it("by address: one client, one replica, as the model says", async () => {
    const { id } = await makeDeployment(h.database);
    const affinity = { by: "ip" as const };
    const { url } = await deploy(h.client(), id, { access: "open", variants, affinity });
    const weights = Object.entries(variants).map(([variant, { weight }]) => ({ variant, weight }));
    const request = { method: "GET", target: "/", headers: {}, ip: "127.0.0.1" };
    const expected = chooseVariant({ deploymentId: id, rules: [], weights, affinity }, request, 0);
    const answers = await Promise.all(Array.from({ length: 20 }, () => call(url)));
    expect(new Set(answers.map(replicaOf)).size).toBe(1);
    expect(answers.map(variantOf)[0]).toBe(expected);
  });

  it("by cookie: the same replica of the same variant, until its variant has no weight", async () => {
    const { id } = await makeDeployment(h.database);
    const affinity = { by: "cookie" as const };
    const { url } = await deploy(h.client(), id, { access: "open", variants, affinity });
    for (let client = 0; client < 8; client++) {
      const first = await call(url);
      const cookie = String(first.headers["set-cookie"]?.[0]);
      expect(cookie).toMatch(new RegExp(`^${affinityCookieName(id)}=[ab]\\.\\d; path=/; HttpOnly`));
      const headers = { cookie: cookie.split(";")[0] ?? "" };
      for (let n = 0; n < 5; n++) expect(replicaOf(await call(url, { headers }))).toBe(replicaOf(first));
    }
    await h.client().send("PUT", `/deployments/${id}/routes`, {
      rules: [],
      weights: [
        { variant: "a", weight: 0 },
        { variant: "b", weight: 100 },
      ],
      affinity,
    });
    const answer = await call(url, { headers: { cookie: `${affinityCookieName(id)}=a.1` } });
    expect(variantOf(answer)).toBe("b");
  });
});
