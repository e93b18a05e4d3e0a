import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { deploymentId, fakeCluster, hostOf, type FakeCluster } from "#infra/haproxy/fixtures/cluster.ts";
import type { ClusterModel } from "#infra/haproxy/render-cluster.ts";
import { parseLogLine } from "#infra/haproxy/log-format.ts";
import { call, sha256, until } from "#infra/local-runtime/fixtures/harness.ts";
import { testOptions } from "#infra/local-runtime/fixtures/options-for-test.ts";
import { ask } from "#infra/local-runtime/haproxy/ask.ts";
import { checkRouting, type RoutingPlace } from "#lib/routing/check-routing.ts";
import { routingSets, type RoutingSet } from "#lib/routing/routing-cases.ts";

let haproxy = "";
beforeAll(async () => {
  const options = testOptions({ home: "/nowhere", databaseUrl: "postgres://nobody@127.0.0.1:1/none" });
  haproxy = (await options.obtainHaproxy(new AbortController().signal)).path;
});

let cluster: FakeCluster | null = null;
afterEach(async () => {
  await cluster?.close();
  cluster = null;
});

const key = "the-key";

/** Two HAProxies, ready: every replica is up in both. */
async function started(set: RoutingSet, change: Partial<ClusterModel> = {}): Promise<FakeCluster> {
  cluster = await fakeCluster(haproxy, set, [sha256(key)], true, undefined, change);
  const replicas = Object.keys(set.weights).length * set.replicas;
  for (const { model } of cluster.proxies) {
    await until(async () => {
      const metrics = await call(`http://127.0.0.1:${model.status.port}/metrics`).catch(() => null);
      return metrics?.text.match(/^haproxy_server_status\{.*state="UP"\} 1$/gm)?.length === replicas;
    });
  }
  return cluster;
}

function placeOf({ proxies, certificate }: FakeCluster, set: RoutingSet): RoutingPlace {
  let turn = 0;
  const [first] = proxies;
  return {
    key,
    secureHost: `127.0.0.1:${first?.model.port}`,
    // One after the other, as a Service does it.
    call({ method, target, headers, overHttp }) {
      const proxy = set.secure ? first : proxies[turn++ % proxies.length];
      const { port = 0, redirect } = proxy?.model ?? {};
      if (overHttp) return call(`http://127.0.0.1:${redirect?.port}${target}`, { method, headers });
      return set.secure
        ? call(`https://127.0.0.1:${port}${target}`, { method, headers, certificate })
        : call(`http://127.0.0.1:${port}${target}`, { method, headers });
    },
    variantOf: ({ text }) => (JSON.parse(text) as { variant: string }).variant,
    replicaOf: ({ headers }) => String(headers["x-sluice-replica"]),
  };
}

const setNamed = (name: string) => {
  const found = routingSets.find((set) => set.name === name);
  if (!found) throw new Error(`There is no set ${name}.`);
  return found;
};

describe("the table of cases", () => {
  it.each(routingSets)("holds for two HAProxies of one cluster: $name", async (set) => {
    expect(await checkRouting(set, placeOf(await started(set), set))).toEqual([]);
  });
});

describe("HAProxy in a cluster", () => {
  it("is ready, and writes the request log to its output in the form that is read on one machine", async () => {
    const { proxies } = await started(setNamed("a private endpoint"));
    const [proxy] = proxies as [(typeof proxies)[0]];
    const { status, port } = proxy.model;
    expect((await call(`http://127.0.0.1:${status.port}${status.readyPath}`)).status).toBe(200);
    const headers = { authorization: `Bearer ${key}` };
    const answer = await call(`http://127.0.0.1:${port}/x?secret=1`, { headers });
    expect(JSON.parse(answer.text)).not.toMatchObject({ headers: { authorization: expect.anything() } });
    const line = await until(
      () =>
        proxy
          .log()
          .split("\n")
          .flatMap((text) => parseLogLine(text) ?? [])[0],
    );
    expect(line).toMatchObject({
      f: deploymentId,
      b: `${deploymentId}.a`,
      st: 200,
      k: "key",
      m: "GET",
      p: "/x",
    });
    expect(line.id).toBe(answer.headers["x-request-id"]);
  });

  it("is ready when it knows a replica of each variant, and from then on", async () => {
    cluster = await fakeCluster(haproxy, setNamed("weights"), [], false);
    const [proxy] = cluster.proxies as [FakeCluster["proxies"][0]];
    const { status } = proxy.model;
    const ready = async () =>
      (await call(`http://127.0.0.1:${status.port}${status.readyPath}`).catch(() => null))?.status;
    await until(async () => (await ready()) === 503);
    const name = (variant: string, addresses: string[]) => cluster?.addresses.set(hostOf(variant), addresses);
    name("a", ["127.9.1.1"]);
    name("b", ["127.9.2.1"]);
    await until(async () => {
      const { text } = await call(`http://127.0.0.1:${status.port}${status.metricsPath}`);
      return text.match(/^haproxy_server_status\{.*state="UP"\} 1$/gm)?.length === 2;
    });
    expect(await ready()).toBe(503);
    name("c", ["127.9.3.1"]);
    await until(async () => (await ready()) === 200);
    for (const variant of ["a", "b", "c"]) {
      const server = `${deploymentId}.${variant}/r1`;
      await ask({ host: "127.0.0.1", port: proxy.model.adminPort }, `set server ${server} state maint`);
    }
    expect((await call(`http://127.0.0.1:${proxy.model.port}/`)).status).toBe(503);
    expect(await ready()).toBe(200);
  });

  it.each([
    { addresses: "10.0.0.1", ipv6: false },
    { addresses: "10.0.0.1,fd00::1", ipv6: true },
    { addresses: "fd00::1", ipv6: true },
  ])("listens on the loopback and on IPv6 where a pod has it: $addresses", async ({ addresses, ipv6 }) => {
    cluster = await fakeCluster(haproxy, setNamed("weights"), [], true, addresses);
    const [{ model }] = cluster.proxies as [FakeCluster["proxies"][0]];
    const status = async (host: string, port: number) =>
      (await call(`http://${host}:${port}${model.status.readyPath}`).catch(() => null))?.status;
    await until(async () => (await status("127.0.0.1", model.status.port)) === 200);
    expect(await status("127.0.0.1", model.port)).toBe(200);
    for (const port of [model.status.port, model.port])
      expect(await status("[::1]", port)).toBe(ipv6 ? 200 : undefined);
  });

  it.each([
    { behind: "google", itself: ", 34.120.0.9" },
    { behind: "gateway", itself: "" },
  ] as const)(
    "behind $behind a client is whom that says, whatever it says itself",
    async ({ behind, itself }) => {
      const { proxies } = await started(setNamed("affinity by address"), { behind });
      const replicaFor = async (forwarded: string, proxy = proxies[0]!) => {
        const headers = { "x-forwarded-for": `${forwarded}${itself}` };
        return (await call(`http://127.0.0.1:${proxy.model.port}/`, { headers })).headers["x-sluice-replica"];
      };
      const home = await replicaFor("198.51.100.7");
      for (const lie of ["203.0.113.1", "203.0.113.2", "nonsense"])
        for (const proxy of proxies) expect(await replicaFor(`${lie}, 198.51.100.7`, proxy)).toBe(home);
      const others = await Promise.all(
        Array.from({ length: 20 }, (_, index) => replicaFor(`198.51.100.${100 + index}`)),
      );
      expect(new Set(others).size).toBeGreaterThan(1);
    },
  );

  it("takes and forgets keys by its runtime API", async () => {
    const { proxies } = await started(setNamed("a private endpoint"));
    const [proxy] = proxies as [(typeof proxies)[0]];
    const { keyMap, adminPort, port } = proxy.model;
    const get = (token: string) =>
      call(`http://127.0.0.1:${port}/`, { headers: { authorization: `Bearer ${token}` } });
    const admin = (command: string) => ask({ host: "127.0.0.1", port: adminPort }, command);
    expect((await get("new")).status).toBe(401);
    await admin(`add map ${keyMap} ${sha256("new")} key`);
    await admin(`del map ${keyMap} ${sha256(key)}`);
    expect((await get("new")).status).toBe(200);
    expect((await get(key)).status).toBe(401);
  });

  it("follows DNS: a replica that is no longer named gets nothing, and its clients another one", async () => {
    const set = setNamed("affinity by header");
    const { proxies, addresses } = await started(set);
    const at = (user: string) =>
      Promise.all(
        proxies.map(async ({ model }) => {
          const answer = await call(`http://127.0.0.1:${model.port}/`, { headers: { "x-user": user } });
          return String(answer.headers["x-sluice-replica"]);
        }),
      );
    const [home = ""] = await at("ada");
    const [variant = "", address = ""] = home.split("/");
    const others = addresses.get(hostOf(variant))?.filter((other) => other !== address) ?? [];
    addresses.set(hostOf(variant), others);
    await until(async () => new Set(await at("ada")).size === 1 && !(await at("ada")).includes(home), 20_000);
    expect(new Set(await at("ada"))).toEqual(new Set([`${variant}/${others[0]}`]));
  });
});
