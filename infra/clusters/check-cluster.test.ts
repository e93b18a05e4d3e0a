import http from "node:http";
import net, { type AddressInfo } from "node:net";
import { afterEach, expect, test, vi } from "vitest";
import { checkCluster } from "#infra/clusters/check-cluster.ts";
import { fakeCluster, type FakeCluster } from "#infra/clusters/fixtures/fake-cluster.ts";
import { testAuthority } from "#lib/targets/kubernetes/authority-for-test.ts";
import { missingRights, usableGatewayClasses } from "#lib/targets/kubernetes/findings.ts";
import { kubeconfigText } from "#lib/targets/kubernetes/kubeconfig-for-test.ts";
import { rights } from "#lib/targets/kubernetes/rights.ts";

const open: { close(): unknown }[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const one of open.splice(0)) await one.close();
});

async function cluster(options?: Parameters<typeof fakeCluster>[0]): Promise<FakeCluster> {
  const fake = await fakeCluster(options);
  open.push(fake);
  return fake;
}
const check = (kubeconfig: string, knownUid: string | null = null, signal?: AbortSignal) =>
  checkCluster(kubeconfig, { now: new Date(), knownUid, signal });
const troubleOf = async (kubeconfig: string) => (await check(kubeconfig)).findings.trouble;

test("of a cluster that is well: version, each right, Gateway classes, metrics, and what is free on each node", async () => {
  const fake = await cluster();
  const { findings, clusterUid } = await check(fake.kubeconfig());
  expect(clusterUid).toBe(fake.uid);
  expect(findings).toMatchObject({
    trouble: null,
    version: "v1.36.3",
    metricsApi: "there",
    gatewayApi: "there",
  });
  expect(findings.rights.map(({ group, resource, allowed }) => [group, resource, allowed])).toEqual(
    rights.map(({ group, resource, verbs }) => [group, resource, [...verbs]]),
  );
  expect(findings.gatewayClasses).toEqual([
    { name: "traefik", controller: "example.org/traefik", accepted: true, message: "said True" },
    { name: "broken", controller: "example.org/broken", accepted: false, message: "said False" },
  ]);
  expect(usableGatewayClasses(findings)).toEqual(["traefik"]);
  expect(findings.loadBalancers).toBe("unknown");
  expect(findings.nodes).toEqual([
    expect.objectContaining({
      name: "control-plane",
      closed: "tainted node-role.kubernetes.io/control-plane:NoSchedule",
    }),
    {
      name: "worker-1",
      ready: true,
      closed: null,
      architecture: "amd64",
      cpuMillis: { total: 8000, free: 6500 },
      memoryBytes: { total: 32 * 2 ** 30, free: 29 * 2 ** 30 },
      gpus: { total: 1, free: 1 },
    },
    expect.objectContaining({
      name: "worker-2",
      cpuMillis: { total: 3920, free: 3820 },
      memoryBytes: { total: 15 * 2 ** 30, free: 15 * 2 ** 30 - 70 * 2 ** 20 },
    }),
  ]);
});

test("a subresource is asked for as one, and a Service with an address shows that load balancers come", async () => {
  const fake = await cluster();
  const reviewed: string[] = [];
  fake.allows = ({ resource, subresource, verb }) => {
    reviewed.push(`${verb} ${resource}${subresource ? `/${subresource}` : ""}`);
    return true;
  };
  fake.lists["/api/v1/services"]!.push({
    spec: { type: "LoadBalancer" },
    status: { loadBalancer: { ingress: [{ ip: "203.0.113.7" }] } },
  });
  const { findings } = await check(fake.kubeconfig());
  expect(reviewed).toEqual(
    expect.arrayContaining(["get pods/log", "get pods/portforward", "create pods/portforward"]),
  );
  expect(findings.loadBalancers).toBe("seen");
});

test("rights that are missing are named one by one; without those for Gateways no class can be chosen", async () => {
  const fake = await cluster();
  fake.allows = ({ resource, subresource, verb }) =>
    !(resource === "pods" && subresource === "portforward") &&
    !(resource === "httproutes" && verb === "create");
  const { findings } = await check(fake.kubeconfig());
  expect(missingRights(findings, "always")).toEqual(["get pods/portforward", "create pods/portforward"]);
  expect(missingRights(findings, "gateway")).toEqual(["create httproutes"]);
  expect(usableGatewayClasses(findings)).toEqual([]);
});

test("a cluster without metrics, without Gateways, whose nodes may not be read, is still a cluster", async () => {
  const fake = await cluster();
  fake.metrics = 404;
  fake.lists = { "/api/v1/services": [] };
  fake.says["GET /api/v1/nodes"] = 403;
  fake.says["GET /api/v1/pods"] = 403;
  expect((await check(fake.kubeconfig())).findings).toMatchObject({
    trouble: null,
    metricsApi: "absent",
    gatewayApi: "absent",
    nodes: null,
  });
  fake.metrics = 503;
  expect((await check(fake.kubeconfig())).findings.metricsApi).toBe("silent");
});

test("nodes that may be read beside pods that may not: what is there is known, what is free isn't", async () => {
  const fake = await cluster();
  fake.says["GET /api/v1/pods"] = 403;
  const { findings } = await check(fake.kubeconfig());
  expect(findings.nodes?.[1]).toMatchObject({ cpuMillis: { total: 8000, free: null } });
});

test("what a pod's start takes counts where it is more, and a sidecar runs beside the rest", async () => {
  const fake = await cluster();
  const asking = (cpu: string, more: object = {}) => ({ resources: { requests: { cpu } }, ...more });
  fake.lists["/api/v1/pods"] = [
    {
      spec: {
        nodeName: "worker-1",
        initContainers: [asking("100m", { restartPolicy: "Always" }), asking("2")],
        containers: [asking("500m")],
        overhead: { cpu: "50m" },
      },
    },
    { spec: { nodeName: null, containers: [asking("64")] } },
  ];
  const { findings } = await check(fake.kubeconfig());
  expect(findings.nodes?.[1]?.cpuMillis).toEqual({ total: 8000, free: 8000 - 2150 });
});

test.each([
  ["GET /version", 429],
  ["GET /version", 500],
  ["POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews", 429],
  ["GET /api/v1/nodes", 503],
  ["GET /apis/gateway.networking.k8s.io/v1/gatewayclasses", 500],
  ["GET /api/v1/namespaces/kube-system", 502],
])("%s answered by %i is trouble of the cluster, and nothing is concluded from it", async (asked, status) => {
  const fake = await cluster();
  fake.says[asked] = status;
  const { findings } = await check(fake.kubeconfig());
  expect(findings.trouble).toMatchObject({
    code: "not_understood",
    message: expect.stringContaining(`${status}`),
  });
  expect(findings.rights).toEqual([]);
});

test("who may not ask for rights has none, and a version may be kept to itself", async () => {
  const fake = await cluster();
  fake.says["POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews"] = 403;
  fake.says["GET /version"] = 403;
  const { findings } = await check(fake.kubeconfig());
  expect(findings).toMatchObject({ trouble: null, version: null });
  expect(findings.rights.flatMap(({ allowed }) => allowed)).toEqual([]);
});

test("the environment can't make a check trust a certificate of another authority", async () => {
  vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0");
  const fake = await cluster();
  const stranger = await testAuthority("stranger");
  const forged = kubeconfigText({ server: fake.url, ca: stranger.certificate, user: { token: fake.token } });
  expect(await troubleOf(forged)).toMatchObject({ code: "tls" });
  expect(fake.asked).toEqual([]);
});

test("credentials that the cluster doesn't take", async () => {
  const fake = await cluster();
  expect(await troubleOf(fake.kubeconfig({ token: "another" }))).toMatchObject({ code: "unauthorized" });
});

test("an address where nobody listens", async () => {
  const fake = await cluster();
  const kubeconfig = fake.kubeconfig();
  await fake.close();
  open.pop();
  expect(await troubleOf(kubeconfig)).toMatchObject({ code: "refused" });
});

test("a name that DNS doesn't know", async () => {
  const { certificate } = await testAuthority();
  const kubeconfig = kubeconfigText({
    server: "https://no-such-host.invalid:6443",
    ca: certificate,
    user: { token: "t" },
  });
  expect((await troubleOf(kubeconfig))?.code).toBe("dns");
});

test("a certificate of another authority, and one for another name", async () => {
  const fake = await cluster();
  const stranger = await testAuthority("stranger");
  const forged = kubeconfigText({ server: fake.url, ca: stranger.certificate, user: { token: fake.token } });
  const trouble = await troubleOf(forged);
  expect(trouble).toMatchObject({ code: "tls" });
  expect(trouble?.message).toContain("isn't signed by the authority");
  expect(fake.asked).toEqual([]);

  const named = await cluster({ names: ["api.example.org"] });
  const misnamed = await troubleOf(named.kubeconfig());
  expect(misnamed?.message).toContain("for another name");
  expect(await troubleOf(named.kubeconfig({ cluster: { "tls-server-name": "api.example.org" } }))).toBeNull();
});

test("something that isn't a cluster answers there", async () => {
  const server = http.createServer((_, response) => response.end("<html>Welcome</html>"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.push(server);
  const { port } = server.address() as AddressInfo;
  const { certificate } = await testAuthority();
  const kubeconfig = kubeconfigText({
    server: `http://127.0.0.1:${port}`,
    ca: certificate,
    user: { token: "t" },
  });
  expect(await troubleOf(kubeconfig)).toMatchObject({ code: "not_kubernetes" });
});

test("one that takes connections and never answers is given up", async () => {
  const server = net.createServer(() => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.push({ close: () => server.close() });
  const { port } = server.address() as AddressInfo;
  const { certificate } = await testAuthority();
  const kubeconfig = kubeconfigText({
    server: `https://127.0.0.1:${port}`,
    ca: certificate,
    user: { token: "t" },
  });
  const { findings } = await check(kubeconfig, null, AbortSignal.timeout(300));
  expect(findings.trouble).toMatchObject({ code: "timeout" });
});

test("another cluster at the same address is not taken for the one that was registered", async () => {
  const fake = await cluster();
  const { clusterUid } = await check(fake.kubeconfig());
  fake.uid = "another";
  const { findings } = await check(fake.kubeconfig(), clusterUid);
  expect(findings.trouble).toMatchObject({ code: "other_cluster" });
});

test("what people are told names neither the address nor the token", async () => {
  const fake = await cluster();
  fake.lists["/api/v1/nodes"] = [{ surprise: true }];
  const { findings } = await check(fake.kubeconfig());
  expect(findings.trouble).toMatchObject({ code: "not_understood" });
  const text = JSON.stringify(findings);
  expect(text).not.toContain(String(fake.port));
  expect(text).not.toContain(fake.token);
});
