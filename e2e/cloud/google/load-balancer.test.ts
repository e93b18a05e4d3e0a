import { afterEach, beforeEach, expect, test } from "vitest";
import { setCertificate } from "#e2e/cloud/google/compute/ssl-certificate.ts";
import { googleForTest, project } from "#e2e/cloud/google/google-for-test.ts";
import {
  backendService,
  global,
  group,
  makeBackends,
  must,
  refusal,
  region,
  service,
  zone,
} from "#e2e/cloud/google/graph-for-test.ts";

const healthy = new Set<string>();
let held: Awaited<ReturnType<typeof googleForTest>>;
beforeEach(async () => {
  healthy.clear();
  const probe = ({ ipAddress }: { ipAddress: string }) => Promise.resolve(healthy.has(ipAddress));
  held = await googleForTest({ surroundings: { probe } });
});
afterEach(() => held.google.close());

test("endpoints come and go, and the health check says how they are", async () => {
  const { ask } = held;
  await makeBackends(ask);
  const path = `${zone}/networkEndpointGroups/g`;
  const [one, two] = [
    { ipAddress: "10.20.0.5", port: 8080 },
    { ipAddress: "10.20.0.6", port: 8080 },
  ];
  await must(ask, "POST", `${path}/attachNetworkEndpoints`, { networkEndpoints: [one, two] });
  expect(await must(ask, "GET", path)).toMatchObject({ size: 2 });
  healthy.add("10.20.0.5");
  const health = await must(ask, "POST", `${global}/backendServices/a/getHealth`, { group });
  expect(health.healthStatus).toEqual([
    { ...one, healthState: "HEALTHY" },
    { ...two, healthState: "UNHEALTHY" },
  ]);
  await must(ask, "POST", `${path}/detachNetworkEndpoints`, { networkEndpoints: [one] });
  const listed = await must(ask, "POST", `${path}/listNetworkEndpoints`, { healthStatus: "SHOW" });
  expect(listed.items).toMatchObject([{ networkEndpoint: two, healths: [{ healthState: "UNHEALTHY" }] }]);
  expect(await ask("POST", `${path}/detachNetworkEndpoints`, { networkEndpoints: [one] })).toMatchObject({
    status: 400,
  });
});

test("a managed certificate stays pending until told otherwise", async () => {
  const { google, ask } = held;
  const path = `${global}/sslCertificates`;
  expect(await ask("POST", path, { name: "c", type: "MANAGED" })).toMatchObject(
    refusal(400, "invalid", /1 to 100 domains/),
  );
  expect(
    await ask("POST", path, { name: "c", type: "MANAGED", managed: { domains: ["*.example.com"] } }),
  ).toMatchObject(refusal(400, "invalid", /wildcards/));
  await must(ask, "POST", path, { name: "c", type: "MANAGED", managed: { domains: ["m.example.com"] } });
  const state = async () => (await must(ask, "GET", `${path}/c`)).managed;
  expect(await state()).toMatchObject({
    status: "PROVISIONING",
    domainStatus: { "m.example.com": "PROVISIONING" },
  });
  setCertificate(google, project, "c", "FAILED_NOT_VISIBLE");
  expect(await state()).toMatchObject({
    status: "PROVISIONING",
    domainStatus: { "m.example.com": "FAILED_NOT_VISIBLE" },
  });
  setCertificate(google, project, "c", "ACTIVE");
  expect(await state()).toMatchObject({ status: "ACTIVE" });
});

test("a forwarding rule takes a reserved address, one per port, and a scheme of its backends", async () => {
  const { ask } = held;
  await makeBackends(ask);
  await must(ask, "POST", `${global}/urlMaps`, { name: "m", defaultService: service("a") });
  await must(ask, "POST", `${global}/targetHttpProxies`, {
    name: "p",
    urlMap: `projects/${project}/global/urlMaps/m`,
  });
  await must(ask, "POST", `${global}/addresses`, { name: "ip" });
  const { address } = await must(ask, "GET", `${global}/addresses/ip`);
  const path = `${global}/forwardingRules`;
  const rule = {
    name: "r",
    IPAddress: address,
    portRange: "80",
    loadBalancingScheme: "EXTERNAL_MANAGED",
    target: `projects/${project}/global/targetHttpProxies/p`,
  };
  expect(await ask("POST", path, { ...rule, loadBalancingScheme: "EXTERNAL" })).toMatchObject(
    refusal(400, "invalid", /same loadBalancingScheme/),
  );
  expect(await ask("POST", path, { ...rule, IPAddress: "198.51.100.7" })).toMatchObject(
    refusal(400, "invalid", /isn't reserved/),
  );
  expect(await ask("POST", path, { ...rule, portRange: "80-90" })).toMatchObject(
    refusal(400, "invalid", /One port/),
  );
  await must(ask, "POST", path, rule);
  expect(await ask("POST", path, { ...rule, name: "r2" })).toMatchObject(
    refusal(400, "invalid", /in-use and would result in a conflict/),
  );
  await must(ask, "POST", path, {
    ...rule,
    name: "r3",
    portRange: "8080",
    IPAddress: `projects/${project}/global/addresses/ip`,
  });
  expect(await must(ask, "GET", `${path}/r3`)).toMatchObject({ IPAddress: address, portRange: "8080-8080" });
  expect(await must(ask, "GET", `${global}/addresses/ip`)).toMatchObject({ status: "IN_USE" });
  expect(await ask("DELETE", `${global}/addresses/ip`)).toMatchObject(
    refusal(400, "resourceInUseByAnotherResource", /forwardingRules\/r/),
  );
  expect(await ask("DELETE", `${global}/urlMaps/m`)).toMatchObject(
    refusal(400, "resourceInUseByAnotherResource", /The url_map resource/),
  );
});

test("what a proxy or a rule leads to is changed by a method of its own", async () => {
  const { ask } = held;
  await makeBackends(ask);
  for (const name of ["m1", "m2"]) {
    await must(ask, "POST", `${global}/urlMaps`, { name, defaultService: service("a") });
    const urlMap = `projects/${project}/global/urlMaps/${name}`;
    await must(ask, "POST", `${global}/targetHttpProxies`, { name: `p-${name}`, urlMap });
  }
  const urlMap = `projects/${project}/global/urlMaps/m2`;
  // Google leaves the scope out of this path.
  await must(ask, "POST", `/compute/beta/projects/${project}/targetHttpProxies/p-m1/setUrlMap`, { urlMap });
  expect(await must(ask, "GET", `${global}/targetHttpProxies/p-m1`)).toMatchObject({
    urlMap: expect.stringMatching(/m2$/),
  });
  await must(ask, "DELETE", `${global}/urlMaps/m1`);
  const target = (name: string) => `projects/${project}/global/targetHttpProxies/p-${name}`;
  const rule = { name: "r", portRange: "80", loadBalancingScheme: "EXTERNAL_MANAGED", target: target("m1") };
  await must(ask, "POST", `${global}/forwardingRules`, rule);
  await must(ask, "POST", `${global}/forwardingRules/r/setTarget`, { target: target("m2") });
  expect(await must(ask, "GET", `${global}/forwardingRules/r`)).toMatchObject({
    target: expect.stringMatching(/p-m2$/),
    IPAddress: expect.stringMatching(/^203\.0\.113\./),
  });
  await must(ask, "DELETE", `${global}/targetHttpProxies/p-m1`);
  // A redirect to HTTPS behind HTTPS would never end.
  await must(ask, "POST", `${global}/urlMaps`, {
    name: "again",
    defaultUrlRedirect: { httpsRedirect: true },
  });
  await must(ask, "POST", `${global}/sslCertificates`, {
    name: "c",
    type: "MANAGED",
    managed: { domains: ["a.com"] },
  });
  const proxy = { name: "s", urlMap: "global/urlMaps/again", sslCertificates: ["global/sslCertificates/c"] };
  expect(await ask("POST", `${global}/targetHttpsProxies`, proxy)).toMatchObject(
    refusal(400, "invalid", /httpsRedirect isn't permitted/),
  );
  const private_ = `${region}/subnetworks/s/setPrivateIpGoogleAccess`;
  await must(ask, "POST", private_, { privateIpGoogleAccess: true });
  expect(await must(ask, "GET", `${region}/subnetworks/s`)).toMatchObject({ privateIpGoogleAccess: true });
});

test.each([
  [
    "overlapping subnetworks",
    `${region}/subnetworks`,
    { name: "s2", network: "global/networks/n", ipCidrRange: "10.20.128.0/20" },
    /conflicts with existing/,
  ],
  [
    "a range that is none",
    `${region}/subnetworks`,
    { name: "s2", network: "global/networks/n", ipCidrRange: "10.0.0.1/8" },
    /CIDR/,
  ],
  [
    "a firewall that neither allows nor denies",
    `${global}/firewalls`,
    { name: "f", network: "global/networks/n" },
    /allowed or denied/,
  ],
  [
    "a firewall's malformed port",
    `${global}/firewalls`,
    { name: "f", network: "global/networks/n", allowed: [{ IPProtocol: "tcp", ports: ["high"] }] },
    /Ports must be/,
  ],
  [
    "a health check of another type",
    `${global}/healthChecks`,
    { name: "h2", type: "HTTP", tcpHealthCheck: {} },
    /doesn't belong to the type HTTP/,
  ],
  [
    "a timeout longer than the interval",
    `${global}/healthChecks`,
    { name: "h2", type: "TCP", timeoutSec: 10 },
    /greater value than checkIntervalSec/,
  ],
  [
    "a rate without a figure",
    `${global}/backendServices`,
    backendService("c", { backends: [{ group, balancingMode: "RATE" }] }),
    /maxRatePerEndpoint/,
  ],
  [
    "utilization of endpoints",
    `${global}/backendServices`,
    backendService("c", { backends: [{ group, balancingMode: "UTILIZATION" }] }),
    /RATE or CONNECTION/,
  ],
  [
    "no health check",
    `${global}/backendServices`,
    backendService("c", { healthChecks: [] }),
    /health check is needed/,
  ],
  [
    "a cookie's affinity without its policy",
    `${global}/backendServices`,
    backendService("c", { sessionAffinity: "HTTP_COOKIE" }),
    /MAGLEV or RING_HASH/,
  ],
  [
    "a sample rate above one",
    `${global}/backendServices`,
    backendService("c", { logConfig: { enable: true, sampleRate: 2 } }),
    /from 0 to 1/,
  ],
  [
    "services of two schemes",
    `${global}/urlMaps`,
    {
      name: "m",
      defaultService: service("old"),
      pathMatchers: [{ name: "p", defaultService: service("a") }],
    },
    /same loadBalancingScheme/,
  ],
])("refuses %s", async (_what, path, body, message) => {
  await makeBackends(held.ask);
  await must(
    held.ask,
    "POST",
    `${global}/backendServices`,
    backendService("old", { loadBalancingScheme: "EXTERNAL" }),
  );
  expect(await held.ask("POST", path, body)).toMatchObject(refusal(400, "invalid", message));
});
