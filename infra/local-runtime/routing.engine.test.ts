import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  call,
  deploy,
  harness,
  makeCertificate,
  makeDeployment,
  type Harness,
} from "#infra/local-runtime/fixtures/harness.ts";
import { freePort } from "#infra/postgres/free-port.ts";
import { affinityCookieName } from "#lib/routing/affinity-cookie.ts";
import { checkRouting, type RoutingPlace } from "#lib/routing/check-routing.ts";
import { chooseVariant, type Routing } from "#lib/routing/choose-variant.ts";
import { routingSets, type RoutingSet } from "#lib/routing/routing-cases.ts";

let h: Harness;
beforeAll(async () => (h = await harness()));
afterAll(() => h.close());

const variantOf = (answer: { text: string }) => (JSON.parse(answer.text) as { variant: string }).variant;
const replicaOf = (answer: { headers: Record<string, unknown> }) =>
  String(answer.headers["x-sluice-replica"]);

/** A deployment with a set's routing, for the table to be sent to. */
async function place(set: RoutingSet): Promise<RoutingPlace> {
  const { id, key } = await makeDeployment(h.database);
  const redirectFrom = set.secure ? await freePort() : undefined;
  const tls = set.secure ? (await makeCertificate(h, id)).tls : undefined;
  const { access, rules, algorithm, affinity, replicas } = set;
  const variants = Object.fromEntries(
    Object.entries(set.weights).map(([name, weight]) => [
      name,
      { weight, scaling: { minReplicas: replicas } },
    ]),
  );
  const shape = { access, rules, algorithm, affinity, variants, tls, redirectFrom };
  const { url, port } = await deploy(h.client(), id, shape);
  return {
    key,
    secureHost: `127.0.0.1:${port}`,
    call: ({ method, target, headers, overHttp }) =>
      overHttp
        ? call(`http://127.0.0.1:${redirectFrom}${target}`, { method, headers })
        : call(`${url}${target}`, { method, headers, certificate: tls?.certificate }),
    variantOf,
    replicaOf,
  };
}

describe("the table of cases", () => {
  it.each(routingSets)("holds for HAProxy on this machine: $name", async (set) => {
    expect(await checkRouting(set, await place(set))).toEqual([]);
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
