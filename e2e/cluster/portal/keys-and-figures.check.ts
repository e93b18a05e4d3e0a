import { randomBytes } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import pino from "pino";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { requestApi, type ApiRequest, type KubernetesObject } from "#e2e/cluster/api.ts";
import { openDatabase, type PortalDatabase } from "#e2e/cluster/open-database.ts";
import { apply, type Manifest } from "#e2e/cluster/portal/apply.ts";
import { makeRows } from "#e2e/cluster/portal/rows-for-check.ts";
import { waitUntil } from "#e2e/cluster/wait-until.ts";
import { attendClusters } from "#infra/clusters/attend-clusters.ts";
import { watchReplicas } from "#infra/clusters/replicas/watch-clusters.ts";
import { portForward } from "#infra/kubernetes/port-forward.ts";
import { proxyFiles } from "#infra/targets/kubernetes/proxy-files.ts";
import type { WorkerContext } from "#infra/worker/context.ts";
import { systemClock } from "#lib/clock.ts";
import type { Context } from "#lib/context.ts";
import type { Db } from "#lib/db.ts";
import { createEndpointKey, revokeEndpointKey } from "#lib/deployments/endpoint-keys.ts";
import { newId } from "#lib/ids.ts";
import { parseSealingKey } from "#lib/secrets/seal.ts";
import { parseKubeconfig } from "#lib/targets/kubernetes/parse-kubeconfig.ts";
import { forms } from "#lib/targets/kubernetes/forms-for-test.ts";
import { defaultProxyImage } from "#lib/targets/kubernetes/proxy-image.ts";
import { planKubernetes } from "#lib/targets/kubernetes/plan.ts";
import { settingsForTest, variantSettingsForTest } from "#lib/targets/kubernetes/settings-for-test.ts";
import { namespaceOf, objectNames, proxyPlaces } from "#lib/targets/kubernetes/settings.ts";

// What the worker does for endpoints in a cluster, on a real API server with real pods: the manifests are applied as
// they are, so that nothing but the worker's own part is at work.

const place = inject("place");
const request = (path: string, options?: ApiRequest) => requestApi(place.admin, path, options);
const outer = process.env.SLUICE_CLUSTER_FOLDER!;
const id = newId("dep");
const namespace = namespaceOf(id);
const pods = `/api/v1/namespaces/${namespace}/pods`;
const proxyPods = `${pods}?labelSelector=${encodeURIComponent("sluice/role=proxy")}`;
const sealingKey = parseSealingKey(randomBytes(32).toString("base64"));
const spec = forms["fixed replicas"]!.spec;

let database: PortalDatabase;
let db: Db;
let owner: Context;
let port: number;
const workers: { stop(): Promise<void> }[] = [];

beforeAll(async () => {
  database = await openDatabase(outer);
  db = database.db;
  owner = await makeRows(db, sealingKey, place.kubeconfig, { id, status: "provisioning", spec });
});

afterAll(async () => {
  await stopWorker();
  await database?.close();
});

function startWorker(): void {
  const log = pino({ level: process.env.LOG_LEVEL ?? "warn" });
  const ctx = { db, clock: systemClock, log, sealingKey, googleEndpoint: null } as WorkerContext;
  workers.push(
    watchReplicas(ctx, { databaseUrl: database.url }),
    attendClusters(ctx, { databaseUrl: database.url }),
  );
}

async function stopWorker(): Promise<void> {
  await Promise.all(workers.splice(0).map((one) => one.stop()));
}

/** All that the program would declare. */
async function applyAll(): Promise<void> {
  const settings = settingsForTest({
    variants: {
      main: variantSettingsForTest({
        image: place.own!.echoImages[0],
        requests: { cpu: "20m", memory: "32Mi" },
      }),
    },
    streamLimitSeconds: 5,
  });
  const proxy = { image: defaultProxyImage, files: proxyFiles(id, spec, settings) };
  for (const { inputs } of planKubernetes(id, spec, { ...settings, proxy })) {
    const manifest = { ...inputs, ...("stringData" in inputs && { stringData: {} }) };
    await apply(place.admin, manifest as unknown as Manifest);
  }
  const service = await request(`/api/v1/namespaces/${namespace}/services/${objectNames.endpoint}`);
  port = service.spec.ports[0].nodePort as number;
}

let sent = 0;
let refused = 0;

/**
 * One request, by a connection of its own; all of them are to be found again.
 *
 * @param address a pod's, else it is the endpoint's
 */
async function ask(key?: string, address?: string, query = ""): Promise<number> {
  const host = address ? `${address}:${proxyPlaces.http}` : `127.0.0.1:${port}`;
  const response = await fetch(`http://${host}/predict${query}`, {
    headers: { connection: "close", ...(key && { authorization: `Bearer ${key}` }) },
  });
  await response.text();
  sent++;
  if (response.status >= 400) refused++;
  return response.status;
}

const repeated = (count: number, key?: string, query?: string) =>
  Array.from({ length: count }, () => ask(key, undefined, query));

/** Ends HAProxy in a pod as if it had died. */
async function end({ metadata }: KubernetesObject): Promise<void> {
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    const of = (file: string) => readFile(`/proc/${pid}/${file}`, "utf8").catch(() => "");
    const isThere = (await of("cgroup")).includes(metadata.uid as string);
    if (isThere && (await of("comm")).trim() === "haproxy") process.kill(Number(pid), "SIGKILL");
  }
}

async function proxiesReady(): Promise<KubernetesObject[]> {
  return waitUntil("two HAProxies to be ready", async () => {
    const { items } = await request(proxyPods);
    const ready = items.filter((pod: KubernetesObject) => pod.status.containerStatuses?.[0]?.ready);
    return ready.length === 2 && items.length === 2 ? (items as KubernetesObject[]) : null;
  });
}

const identities = (items: KubernetesObject[]) =>
  items.map(({ metadata, status }) => [metadata.uid, status.containerStatuses[0].restartCount]).sort();

async function counted(): Promise<{ requests: number; errors: number }> {
  const { _sum } = await db.metricSample.aggregate({ _sum: { requests: true, errors: true } });
  return { requests: _sum.requests ?? 0, errors: _sum.errors ?? 0 };
}

const allCounted = () =>
  waitUntil(
    "all requests to be counted",
    async () => {
      const { requests } = await counted();
      if (requests < sent) throw new Error(`${requests} of ${sent}`);
      return true;
    },
    20_000,
  );

// It needs images and a database beside the cluster, of the test's own.
describe.skipIf(!place?.own)("what the worker does for endpoints", () => {
  test("HAProxy starts as soon as there is a namespace for its keys; it answers a key's holder and nobody else", async () => {
    startWorker();
    await applyAll();
    await proxiesReady();
    const { key } = await createEndpointKey(owner, id, { name: "one" });
    await waitUntil("the key to be known", async () => (await ask(key)) === 200, 10_000);
    expect(await ask()).toBe(401);
    expect(await ask("sle_of-nobody")).toBe(401);
  });

  test("a revoked key is refused by every pod within seconds, and no pod is started again", async () => {
    const before = await proxiesReady();
    const addresses = before.map(({ status }) => status.podIP as string);
    const everywhere = async (key: string, status: number) =>
      (await Promise.all(addresses.map((address) => ask(key, address)))).every((one) => one === status);
    const { key, id: keyId } = await createEndpointKey(owner, id, { name: "two" });
    await waitUntil("every pod to know it", () => everywhere(key, 200), 10_000);
    await revokeEndpointKey(owner, id, keyId);
    await waitUntil("every pod to refuse it", () => everywhere(key, 401), 5_000);
    expect(identities(await proxiesReady())).toEqual(identities(before));
  });

  test("a pod's port is reached through the API server: as often as wanted, or with the reason why not", async () => {
    const access = parseKubeconfig(place.kubeconfig, { now: new Date() });
    const [pod] = await proxiesReady();
    const at = { namespace, pod: pod!.metadata.name as string, port: proxyPlaces.status };
    const never = new AbortController().signal;
    const answers = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const stream = await portForward(access, at, never);
        stream.write("GET /metrics HTTP/1.0\r\n\r\n");
        return text(stream);
      }),
    );
    for (const answer of answers)
      expect(answer).toMatch(/^HTTP\/1\.. 200 [^]*haproxy_process_uptime_seconds/);
    const silent = await portForward(access, { ...at, port: 9 }, never);
    await expect(text(silent)).rejects.toThrow(/port 9 .*refused/);
    await expect(portForward(access, { ...at, pod: "nobody" }, never)).rejects.toMatchObject({ status: 404 });
    const nobody = { ...access, credentials: { kind: "token", token: "of-nobody" } } as const;
    await expect(portForward(nobody, at, never)).rejects.toMatchObject({ status: 401 });
  });

  test("requests and errors are counted exactly, with who answered, and what is in flight and ready", async () => {
    const { key } = await createEndpointKey(owner, id, { name: "three" });
    await waitUntil("the key to be known", async () => (await ask(key)) === 200, 10_000);
    await Promise.all([...repeated(60, key), ...repeated(15)]);
    await Promise.all(repeated(5, key, "?status=500"));
    await allCounted();
    expect(await counted()).toEqual({ requests: sent, errors: refused });
    const rows = await db.requestRow.findMany({ where: { status: 200 }, orderBy: { at: "desc" }, take: 20 });
    const replicas = await db.replica.findMany({ where: { deploymentId: id } });
    const answered = new Set(rows.map(({ replicaId }) => replicaId));
    expect([...answered].sort()).toEqual(replicas.map((one) => one.id).sort());
    // Some of them are worked on when the exporter is asked.
    const slow = repeated(4, key, "?waitMs=12000");
    await waitUntil(
      "figures of what is in flight",
      async () => {
        const sample = await db.metricSample.findFirst({
          where: { variant: "main", inFlight: { gte: 4 }, replicasReady: 2 },
        });
        return sample !== null;
      },
      25_000,
    );
    await Promise.all(slow);
  });

  test("a new pod starts with the right keys, though no worker is there to tell it", async () => {
    const { key } = await createEndpointKey(owner, id, { name: "four" });
    const revoked = await createEndpointKey(owner, id, { name: "five" });
    await waitUntil(
      "both to be known",
      async () => (await ask(key)) === 200 && (await ask(revoked.key)) === 200,
      10_000,
    );
    await revokeEndpointKey(owner, id, revoked.id);
    const [first] = await proxiesReady();
    await waitUntil("the Secret to follow", async () => (await ask(revoked.key)) === 401, 10_000);
    await allCounted();
    await stopWorker();
    await request(`${pods}/${first!.metadata.name as string}`, { method: "DELETE" });
    const fresh = await waitUntil("a new HAProxy", async () => {
      const { items } = await request(proxyPods);
      return (items as KubernetesObject[]).find(
        ({ metadata, status }) =>
          metadata.creationTimestamp > first!.metadata.creationTimestamp &&
          status.containerStatuses?.[0]?.ready,
      );
    });
    const address = fresh.status.podIP as string;
    expect([await ask(key, address), await ask(revoked.key, address), await ask(undefined, address)]).toEqual(
      [200, 401, 401],
    );
  });

  test("without a worker, with a new one, with two, and when HAProxy ends: each request is counted once", async () => {
    const ready = await proxiesReady();
    startWorker();
    const { key } = await createEndpointKey(owner, id, { name: "six" });
    await waitUntil("the key to be known", async () => (await ask(key)) === 200, 10_000);
    const requests = (count: number) => Promise.all([...repeated(count, key), ...repeated(5)]);
    await requests(40);
    await stopWorker();
    await requests(40);
    await end(ready[0]!);
    await waitUntil("its container to be started again", async () => {
      const { status } = await request(`${pods}/${ready[0]!.metadata.name as string}`);
      const [container] = status.containerStatuses;
      return container.restartCount === 1 && container.ready;
    });
    await requests(20);
    startWorker();
    startWorker();
    await requests(40);
    await allCounted();
    // Whoever counts twice does so within a moment.
    const answers = repeated(1);
    await Promise.all(answers);
    await allCounted();
    expect(await counted()).toEqual({ requests: sent, errors: refused });
  });
});
