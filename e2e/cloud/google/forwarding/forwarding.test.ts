import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import { get } from "node:http";
import { request as secureRequest } from "node:https";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { setCertificate } from "#e2e/cloud/google/compute/ssl-certificate.ts";
import { startForwarding, type Forwarding } from "#e2e/cloud/google/forwarding/forwarding.ts";
import { googleForTest, owner, project } from "#e2e/cloud/google/google-for-test.ts";
import {
  backendService,
  global,
  makeBackends,
  must,
  service,
  zone,
} from "#e2e/cloud/google/graph-for-test.ts";
import { manualClock } from "#e2e/cloud/google/model-clock.ts";
import { selfSigned } from "#lib/tls/self-signed.ts";

const clock = manualClock();
const down = new Set<number>();
let held: Awaited<ReturnType<typeof googleForTest>>;
let forwarding: Forwarding;
let pods: Server[];
let random = 0;

/** Answers with its name and what it was asked. */
async function startPod(name: string): Promise<number> {
  const pod = createServer((request, response) => {
    response.setHeader("x-pod", name);
    response.end(JSON.stringify({ url: request.url, headers: request.headers }));
  });
  await new Promise<void>((listening) => pod.listen(0, "127.0.0.1", listening));
  pods.push(pod);
  return (pod.address() as AddressInfo).port;
}

beforeEach(async () => {
  [pods, random] = [[], 0];
  down.clear();
  let next = 1;
  held = await googleForTest({
    clock,
    surroundings: {
      nextAddress: () => `127.77.0.${next++}`,
      probe: ({ port }) => Promise.resolve(!down.has(port)),
    },
  });
  forwarding = startForwarding(held.google, {
    delays: { first: 10_000, last: 30_000 },
    listenPort: () => 0,
    resolve: ({ port }) => ({ host: "127.0.0.1", port }),
    issue: async ([domain]) => {
      const { certificate, key } = await selfSigned(domain!, new Date());
      return { certificate, privateKey: key };
    },
    random: () => random,
  });
});
afterEach(async () => {
  await forwarding.close();
  await held.google.close();
  for (const pod of pods) {
    pod.closeAllConnections();
    pod.close();
  }
});

type Got = { status: number; headers: IncomingHttpHeaders; text: string };

function fetchFrom(path: string, headers: Record<string, string> = {}): Promise<Got> {
  const { host, port } = forwarding.addressOf("r")!;
  return new Promise((resolve, reject) => {
    get({ host, port, path, headers: { host: "m.example.com", ...headers } }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () =>
        resolve({
          status: response.statusCode!,
          headers: response.headers,
          text: Buffer.concat(chunks).toString(),
        }),
      );
    }).on("error", reject);
  });
}

const map = (name: string, weights: [number, number]) => ({
  name,
  defaultService: service("a"),
  hostRules: [{ hosts: ["*"], pathMatcher: "p" }],
  pathMatchers: [
    {
      name: "p",
      defaultService: service("a"),
      routeRules: [
        {
          priority: 1,
          matchRules: [{ prefixMatch: "/", headerMatches: [{ headerName: "x-variant", exactMatch: "b" }] }],
          service: service("b"),
        },
        {
          priority: 2,
          matchRules: [{ prefixMatch: "/v1/" }],
          routeAction: {
            urlRewrite: { pathPrefixRewrite: "/" },
            weightedBackendServices: ["a", "b"].map((each, index) => ({
              backendService: service(each),
              weight: weights[index],
            })),
          },
        },
      ],
    },
  ],
});

/** A whole load balancer: two services with a pod each. */
async function makeBalancer(): Promise<number[]> {
  const { ask } = held;
  await makeBackends(ask);
  const ports = [await startPod("a"), await startPod("b")];
  await must(ask, "POST", `${zone}/networkEndpointGroups`, {
    name: "g2",
    network: `projects/${project}/global/networks/n`,
  });
  const { fingerprint } = await must(ask, "GET", `${global}/backendServices/b`);
  const backends = [
    {
      group: `projects/${project}/zones/us-central1-a/networkEndpointGroups/g2`,
      balancingMode: "RATE",
      maxRatePerEndpoint: 1,
    },
  ];
  await must(ask, "PUT", `${global}/backendServices/b`, backendService("b", { backends, fingerprint }));
  for (const [index, group] of ["g", "g2"].entries()) {
    const networkEndpoints = [{ ipAddress: "10.20.0.1", port: ports[index] }];
    await must(ask, "POST", `${zone}/networkEndpointGroups/${group}/attachNetworkEndpoints`, {
      networkEndpoints,
    });
  }
  await must(ask, "POST", `${global}/urlMaps`, map("m", [90, 10]));
  await must(ask, "POST", `${global}/targetHttpProxies`, {
    name: "p",
    urlMap: `projects/${project}/global/urlMaps/m`,
  });
  await must(ask, "POST", `${global}/addresses`, { name: "ip" });
  const { address } = await must(ask, "GET", `${global}/addresses/ip`);
  expect(address).toBe("127.77.0.1");
  const rule = { name: "r", IPAddress: address, portRange: "80", loadBalancingScheme: "EXTERNAL_MANAGED" };
  await must(ask, "POST", `${global}/forwardingRules`, {
    ...rule,
    target: `projects/${project}/global/targetHttpProxies/p`,
  });
  await expect.poll(() => forwarding.addressOf("r")?.host).toBe(address);
  return ports;
}

const podOf = ({ headers }: Got) => headers["x-pod"];

test("routes by the map that it was given, once the edges know it", async () => {
  await makeBalancer();
  expect((await fetchFrom("/")).status).toBe(404);
  clock.advance(30_000);
  expect(podOf(await fetchFrom("/"))).toBe("a");
  expect(podOf(await fetchFrom("/", { "x-variant": "b" }))).toBe("b");
  const answer = await fetchFrom("/v1/chat?x=1");
  expect(JSON.parse(answer.text)).toMatchObject({
    url: "/chat?x=1",
    headers: { host: "m.example.com", "x-forwarded-proto": "http", via: "1.1 google" },
  });
  random = 0.95;
  expect(podOf(await fetchFrom("/v1/chat"))).toBe("b");
});

test("a changed map takes effect late, and not everywhere at once", async () => {
  const { ask } = held;
  await makeBalancer();
  clock.advance(30_000);
  const { fingerprint } = await must(ask, "GET", `${global}/urlMaps/m`);
  await must(ask, "PUT", `${global}/urlMaps/m`, { name: "m", defaultService: service("b"), fingerprint });
  const seen = async (edge: number) => {
    random = edge;
    return podOf(await fetchFrom("/"));
  };
  clock.advance(5000);
  expect([await seen(0), await seen(0.9)]).toEqual(["a", "a"]);
  clock.advance(10_000);
  expect([await seen(0), await seen(0.9)]).toEqual(["b", "a"]);
  clock.advance(15_000);
  expect([await seen(0), await seen(0.9)]).toEqual(["b", "b"]);
});

test("endpoints that aren't healthy get nothing, and none at all is said so", async () => {
  const [port] = await makeBalancer();
  clock.advance(30_000);
  down.add(port!);
  expect(await fetchFrom("/")).toMatchObject({ status: 503, text: "no healthy upstream" });
  down.delete(port!);
  // The health check looks again after its interval.
  expect((await fetchFrom("/")).status).toBe(503);
  clock.advance(5000);
  expect((await fetchFrom("/")).status).toBe(200);
  pods[0]!.closeAllConnections();
  await new Promise((stopped) => pods[0]!.close(stopped));
  expect((await fetchFrom("/")).status).toBe(502);
});

test("a generated cookie keeps a client at its endpoint, and requests are logged where asked", async () => {
  const { ask, google } = held;
  await makeBalancer();
  const second = await startPod("a2");
  await must(ask, "POST", `${zone}/networkEndpointGroups/g/attachNetworkEndpoints`, {
    networkEndpoints: [{ ipAddress: "10.20.0.2", port: second }],
  });
  const { fingerprint } = await must(ask, "GET", `${global}/backendServices/a`);
  const changed = {
    sessionAffinity: "GENERATED_COOKIE",
    logConfig: { enable: true, sampleRate: 1 },
    fingerprint,
  };
  await must(ask, "PUT", `${global}/backendServices/a`, backendService("a", changed));
  clock.advance(30_000);
  const first = await fetchFrom("/");
  const [cookie = ""] = first.headers["set-cookie"] ?? [];
  expect(cookie).toMatch(/^GCLB=/);
  const again = await Promise.all([1, 2, 3].map(() => fetchFrom("/", { cookie: cookie.split(";")[0]! })));
  expect(again.map(podOf)).toEqual([podOf(first), podOf(first), podOf(first)]);
  const others = await Promise.all([1, 2].map(() => fetchFrom("/")));
  expect(new Set(others.map(podOf))).toEqual(new Set(["a", "a2"]));
  const filter = 'resource.type = "http_load_balancer" AND resource.labels.backend_service_name = "a"';
  const { entries } = await must(ask, "POST", "/logging/v2/entries:list", {
    resourceNames: [`projects/${project}`],
    filter,
  });
  expect(entries).toHaveLength(6);
  expect(google.entries.get(project)![0]).toMatchObject({
    httpRequest: { status: 200, requestUrl: "http://m.example.com/" },
  });
});

test("files come from a bucket that everybody may read", async () => {
  const { ask, google } = held;
  await makeBalancer();
  await must(ask, "POST", `/storage/v1/b?project=${project}`, { name: "files" });
  const headers = { authorization: `Bearer ${google.tokens.issue(owner)}`, "content-type": "text/css" };
  const upload = `${google.url}/upload/storage/v1/b/files/o?uploadType=media&name=css/a.css`;
  expect((await fetch(upload, { method: "POST", headers, body: "a {}" })).status).toBe(200);
  await must(ask, "POST", `${global}/backendBuckets`, { name: "files", bucketName: "files" });
  const { fingerprint } = await must(ask, "GET", `${global}/urlMaps/m`);
  const routeRules = [
    {
      priority: 1,
      matchRules: [{ prefixMatch: "/static/" }],
      service: `projects/${project}/global/backendBuckets/files`,
      routeAction: { urlRewrite: { pathPrefixRewrite: "/" } },
    },
  ];
  const pathMatchers = [{ name: "p", defaultService: service("a"), routeRules }];
  await must(ask, "PUT", `${global}/urlMaps/m`, { ...map("m", [1, 0]), pathMatchers, fingerprint });
  clock.advance(30_000);
  expect((await fetchFrom("/static/css/a.css")).status).toBe(403);
  await must(ask, "PUT", "/storage/v1/b/files/iam", {
    bindings: [{ role: "roles/storage.objectViewer", members: ["allUsers"] }],
  });
  expect(await fetchFrom("/static/css/a.css")).toMatchObject({
    status: 200,
    text: "a {}",
    headers: { "content-type": "text/css" },
  });
  expect((await fetchFrom("/static/css/b.css")).status).toBe(404);
});

test("a managed certificate serves once it is active, and a deleted rule stops listening", async () => {
  const { ask, google } = held;
  await makeBalancer();
  clock.advance(30_000);
  await must(ask, "POST", `${global}/sslCertificates`, {
    name: "c",
    type: "MANAGED",
    managed: { domains: ["m.example.com"] },
  });
  const proxy = {
    name: "s",
    urlMap: `projects/${project}/global/urlMaps/m`,
    sslCertificates: [`projects/${project}/global/sslCertificates/c`],
  };
  await must(ask, "POST", `${global}/targetHttpsProxies`, proxy);
  const rule = {
    name: "rs",
    IPAddress: "127.77.0.1",
    portRange: "443",
    loadBalancingScheme: "EXTERNAL_MANAGED",
  };
  await must(ask, "POST", `${global}/forwardingRules`, {
    ...rule,
    target: `projects/${project}/global/targetHttpsProxies/s`,
  });
  await expect.poll(() => forwarding.addressOf("rs")?.host).toBe("127.77.0.1");
  const { host, port } = forwarding.addressOf("rs")!;
  const overTls = () =>
    new Promise<string>((resolve, reject) => {
      const options = {
        host,
        port,
        servername: "m.example.com",
        headers: { host: "m.example.com" },
        rejectUnauthorized: false,
      };
      const asked = secureRequest(options, (response) => {
        response.resume();
        resolve(String(response.headers["x-pod"]));
      });
      asked.on("error", reject).end();
    });
  await expect(overTls()).rejects.toThrow();
  setCertificate(google, project, "c", "ACTIVE");
  expect(await overTls()).toBe("a");
  await must(ask, "DELETE", `${global}/forwardingRules/rs`);
  await expect(overTls()).rejects.toThrow();
});
