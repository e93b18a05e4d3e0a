import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { connect } from "node:net";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { deployment, labelled, service } from "#e2e/cluster/objects-for-check.ts";
import { hasCondition } from "#e2e/cluster/has-condition.ts";
import { buildEchoImage, buildHaproxyImage, buildModelImage } from "#e2e/cluster/images.ts";
import { machineState } from "#e2e/cluster/machine-state.ts";
import { obtainCluster } from "#e2e/cluster/obtain-cluster.ts";
import { startCluster, type Cluster } from "#e2e/cluster/start-cluster.ts";
import { waitUntil } from "#e2e/cluster/wait-until.ts";
import { findHaproxy } from "#infra/tools/find-haproxy.ts";
import { readEnv } from "#lib/env.ts";

// What the tests of the Kubernetes target stand on: a cluster that does what any does.

const env = readEnv();
const outer = process.env.SLUICE_CLUSTER_FOLDER;
let before: Record<string, string>;
let cluster: Cluster;

const apply = (object: object) => cluster.kubectl(["apply", "-f", "-"], JSON.stringify(object));
const replicasReady = (name: string, count: number) =>
  waitUntil(`${name} to have ${count} replicas`, async () => {
    const { status } = await cluster.request(`/apis/apps/v1/namespaces/default/deployments/${name}`);
    return (status.readyReplicas ?? 0) === count;
  });

beforeAll(async () => {
  before = await machineState();
  const signal = new AbortController().signal;
  const onProgress = () => undefined;
  const programs = await obtainCluster({ cache: env.SLUICE_CACHE, searchPath: env.PATH, signal, onProgress });
  const started = performance.now();
  const say = (step: string) => console.log(`${Math.round(performance.now() - started)} ms: ${step}`);
  cluster = await startCluster(outer, { ...programs, onProgress: say });
  say("The cluster is ready");
  const images = path.join(outer!, "images");
  await mkdir(images, { recursive: true });
  const haproxy = await findHaproxy(env.SLUICE_CACHE, env.PATH);
  for (const tar of [
    await buildModelImage("sentiment", "sluice.test/sentiment:1", images),
    await buildEchoImage("sluice.test/echo:1", path.join(programs.kubernetes, "bin"), images),
    await buildHaproxyImage("sluice.test/haproxy:1", haproxy!.path, images),
  ])
    await cluster.importImage(tar);
  say("The images are known");
});

afterAll(() => cluster?.stop());

test("a pod of our own model's image answers through the Service's address and through its NodePort", async () => {
  await apply(deployment("sentiment", "sluice.test/sentiment:1"));
  await apply(service("sentiment", { type: "NodePort" }));
  await replicasReady("sentiment", 1);
  const { spec } = await cluster.request("/api/v1/namespaces/default/services/sentiment");
  const addresses = [
    `${spec.clusterIP}:80`,
    `127.0.0.1:${spec.ports[0].nodePort}`,
    `${cluster.nodeAddress}:${spec.ports[0].nodePort}`,
  ];
  for (const address of addresses) {
    const answer = await waitUntil(address, () =>
      fetch(`http://${address}/predict`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ text: "A wonderful day." }),
      }),
    );
    expect(await answer.json(), address).toMatchObject({ sentiment: { label: "positive" } });
  }
});

test("a headless Service's name leads to each ready pod, seen from within a pod", async () => {
  await apply(deployment("echo", "sluice.test/echo:1", { replicas: 2 }));
  await apply(service("echo-pods", { clusterIP: "None" }, "echo"));
  await replicasReady("echo", 2);
  const script =
    'const {lookup} = require("node:dns"); const look = () => lookup("echo-pods", {all: true}, (error, found) => ' +
    'found?.length === 2 ? fetch("http://echo-pods:8080/from-a-pod").then((r) => r.text()).then((text) => ' +
    "console.log(JSON.stringify({found, text}))) : setTimeout(look, 200)); look();";
  await apply({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "look-up", labels: labelled("look-up") },
    spec: {
      restartPolicy: "Never",
      containers: [
        { name: "look-up", image: "sluice.test/sentiment:1", command: ["/usr/local/bin/node", "-e", script] },
      ],
    },
  });
  const pod = "/api/v1/namespaces/default/pods/look-up";
  await waitUntil("the look-up", async () => (await cluster.request(pod)).status.phase === "Succeeded");
  const log = await cluster.request(`${pod}/log`);
  expect(log).toContain("/from-a-pod");
  expect((JSON.parse(log as string) as { found: unknown[] }).found).toHaveLength(2);
});

test("HAProxy in a pod finds pods by the headless Service, and its own port is reached by port-forward", async () => {
  const config = `global
  stats socket ipv4@127.0.0.1:9999 level admin
defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 30s
resolvers cluster
  parse-resolv-conf
  hold valid 1s
frontend all
  bind :8080
  http-request return status 200 if { path /healthz }
  default_backend echo
backend echo
  server-template pod 4 echo-pods.default.svc.cluster.local:8080 resolvers cluster init-addr none check inter 500ms
`;
  await apply({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "haproxy" },
    data: { "haproxy.cfg": config },
  });
  await apply(deployment("haproxy", "sluice.test/haproxy:1", { configMap: "/usr/local/etc/haproxy" }));
  await apply(service("haproxy"));
  await replicasReady("haproxy", 1);
  const { spec } = await cluster.request("/api/v1/namespaces/default/services/haproxy");
  const seen = new Set<string>();
  await waitUntil("both pods to be balanced to", async () => {
    const answer = await fetch(`http://${spec.clusterIP}/`, { headers: { connection: "close" } });
    if (answer.ok) seen.add(((await answer.json()) as { host: string }).host);
    return seen.size === 2;
  });
  const answer = await throughPortForward("deployment/haproxy", 9999, "show version\n");
  expect(answer).toMatch(/^2\.8\./);
});

test("the metrics API gives numbers, and an autoscaler scales by them, up and down", async () => {
  await apply(deployment("busy", "sluice.test/echo:1", { cpu: "50m" }));
  await apply(service("busy"));
  const replicas = { minReplicas: 1, maxReplicas: 3 };
  const quick = { stabilizationWindowSeconds: 0, policies: [{ type: "Pods", value: 3, periodSeconds: 5 }] };
  const target = { type: "Utilization", averageUtilization: 60 };
  await apply({
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: { name: "busy" },
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "busy" },
      ...replicas,
      metrics: [{ type: "Resource", resource: { name: "cpu", target } }],
      behavior: { scaleUp: quick, scaleDown: quick },
    },
  });
  await replicasReady("busy", 1);
  await waitUntil("numbers of the node", async () => {
    const { items } = await cluster.request("/apis/metrics.k8s.io/v1beta1/nodes");
    return items.length === 1 && items[0].usage.cpu !== "0";
  });
  const { spec } = await cluster.request("/api/v1/namespaces/default/services/busy");
  let enough = false;
  const load = (async () => {
    for (let i = 0; i < 600 && !enough; i++) {
      await fetch(`http://${spec.clusterIP}/?burnMs=60`).catch(() => undefined);
      await pause(60);
    }
  })();
  const wanted = async () =>
    (await cluster.request("/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers/busy")).status
      .desiredReplicas as number;
  try {
    await waitUntil("the autoscaler to want more", async () => (await wanted()) > 1, 90_000);
  } finally {
    enough = true;
    await load;
  }
  await waitUntil("the autoscaler to want one again", async () => (await wanted()) === 1, 90_000);
});

test("a Gateway of the class is programmed, and an HTTPRoute of it chooses by a header", async () => {
  for (const name of ["blue", "green"]) {
    await apply(deployment(name, "sluice.test/echo:1"));
    await apply(service(name));
    await replicasReady(name, 1);
  }
  const group = "gateway.networking.k8s.io/v1";
  const { className, httpPort } = cluster.gateway;
  const listener = { name: "http", protocol: "HTTP", port: httpPort };
  await apply({
    apiVersion: group,
    kind: "Gateway",
    metadata: { name: "web" },
    spec: { gatewayClassName: className, listeners: [listener] },
  });
  const to = (name: string) => [{ name, port: 80 }];
  await apply({
    apiVersion: group,
    kind: "HTTPRoute",
    metadata: { name: "web" },
    spec: {
      parentRefs: [{ name: "web" }],
      rules: [
        { matches: [{ headers: [{ name: "x-colour", value: "green" }] }], backendRefs: to("green") },
        { backendRefs: to("blue") },
      ],
    },
  });
  const gateway = await waitUntil("the Gateway", async () => {
    const found = await cluster.request(`/apis/${group}/namespaces/default/gateways/web`);
    return hasCondition(found, "Programmed") ? found : null;
  });
  const { value } = gateway.status.addresses[0] as { value: string };
  for (const [colour, name] of [
    ["green", "green"],
    ["none", "blue"],
  ]) {
    await waitUntil(`an answer from ${name}`, async () => {
      const answer = await fetch(`http://${value}:${httpPort}/`, { headers: { "x-colour": colour! } });
      return answer.ok && ((await answer.json()) as { name: string }).name === name;
    });
  }
});

test("a token may do what its role says; what a LimitRange forbids is refused with the reason", async () => {
  const rbac = "rbac.authorization.k8s.io";
  const metadata = { name: "reader" };
  await apply({ apiVersion: "v1", kind: "ServiceAccount", metadata });
  const rules = [{ apiGroups: [""], resources: ["pods"], verbs: ["get", "list", "create"] }];
  await apply({ apiVersion: `${rbac}/v1`, kind: "Role", metadata, rules });
  const subjects = [{ kind: "ServiceAccount", name: "reader", namespace: "default" }];
  const roleRef = { apiGroup: rbac, kind: "Role", name: "reader" };
  await apply({ apiVersion: `${rbac}/v1`, kind: "RoleBinding", metadata, roleRef, subjects });
  const request = await cluster.request("/api/v1/namespaces/default/serviceaccounts/reader/token", {
    method: "POST",
    body: { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: { expirationSeconds: 600 } },
  });
  const { token } = request.status as { token: string };
  const pods = "/api/v1/namespaces/default/pods";
  expect((await cluster.ask(pods, { token })).status).toBe(200);
  const refused = await cluster.ask("/api/v1/namespaces/default/secrets", { token });
  expect(refused).toMatchObject({ status: 403, body: { reason: "Forbidden" } });
  expect((refused.body as { message: string }).message).toMatch(/reader.*cannot list resource "secrets"/);
  expect((await cluster.ask("/apis/metrics.k8s.io/v1beta1/nodes", { token })).status).toBe(403);
  expect((await cluster.ask(pods, { token: "of-nobody" })).status).toBe(401);

  const limits = [{ type: "Container", max: { memory: "64Mi" } }];
  await apply({ apiVersion: "v1", kind: "LimitRange", metadata: { name: "small" }, spec: { limits } });
  const resources = { requests: { memory: "128Mi" }, limits: { memory: "128Mi" } };
  const body = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "big" },
    spec: { containers: [{ name: "big", image: "sluice.test/echo:1", resources }] },
  };
  const big = await cluster.ask(pods, { method: "POST", token, body });
  await cluster.kubectl(["delete", "limitrange", "small"]);
  expect(big.status).toBe(403);
  expect((big.body as { message: string }).message).toMatch(/maximum memory usage per Container is 64Mi/);
});

test("an image that is nowhere is told by the pod", async () => {
  await apply(deployment("nowhere", "sluice.test/nowhere:1"));
  await waitUntil("the reason", async () => {
    const { items } = await cluster.request("/api/v1/namespaces/default/pods?labelSelector=app=nowhere");
    const waiting = items[0]?.status.containerStatuses?.[0]?.state.waiting as { reason: string } | undefined;
    return /ErrImagePull|ImagePullBackOff/.test(waiting?.reason ?? "");
  });
  await cluster.kubectl(["delete", "deployment", "nowhere"]);
});

test("simulated nodes appear, pods are spread over them, and they go", async () => {
  const names = await cluster.addSimulatedNodes({ count: 3, capacity: { "nvidia.com/gpu": "2" } });
  expect(names).toHaveLength(3);
  const topologyKey = "kubernetes.io/hostname";
  const spread = { maxSkew: 1, topologyKey, whenUnsatisfiable: "DoNotSchedule" };
  const labelSelector = { matchLabels: labelled("wide") };
  await apply(
    deployment("wide", "sluice.test/echo:1", { replicas: 4, spread: [{ ...spread, labelSelector }] }),
  );
  await replicasReady("wide", 4);
  const { items } = await cluster.request("/api/v1/namespaces/default/pods?labelSelector=app=wide");
  const nodes = (items as { spec: { nodeName: string } }[]).map(({ spec }) => spec.nodeName);
  expect(new Set(nodes)).toEqual(new Set([cluster.nodeName, ...names]));
  await cluster.kubectl(["delete", "deployment", "wide"]);
  await cluster.removeSimulatedNodes();
  expect((await cluster.request("/api/v1/nodes")).items).toHaveLength(1);
});

test("an API server that was away comes back with what it knew", async () => {
  const bring = await cluster.interruptApiServer();
  await expect(cluster.ask("/readyz")).rejects.toThrow(/ECONNREFUSED/);
  await bring();
  expect((await cluster.request("/api/v1/namespaces/default")).metadata.name).toBe("default");
});

test("stopping leaves nothing behind, even with pods running", async () => {
  await cluster.stop();
  expect(existsSync(path.join(outer!, "cluster"))).toBe(false);
  expect(await machineState()).toEqual(before);
  const { stdout } = spawnSync("ps", ["-eo", "args"], { encoding: "utf8" });
  expect(stdout).not.toMatch(/kube-|kubelet|containerd|etcd|coredns|traefik|kwok|metrics-server|pause/);
});

async function throughPortForward(pod: string, port: number, question: string): Promise<string> {
  const args = [`--kubeconfig=${cluster.kubeconfigFile}`, "port-forward", pod, `:${port}`];
  const child = spawn(cluster.kubectlFile, args, { stdio: ["ignore", "pipe", "inherit"] });
  try {
    const [said] = (await once(child.stdout, "data")) as [Buffer];
    const local = Number(/127\.0\.0\.1:(\d+)/.exec(said.toString())![1]);
    const socket = connect(local, "127.0.0.1");
    socket.write(question);
    let answer = "";
    for await (const part of socket) answer += String(part);
    return answer;
  } finally {
    child.kill();
    await once(child, "exit");
  }
}
