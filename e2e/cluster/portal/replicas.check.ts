import { randomBytes } from "node:crypto";
import pino from "pino";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { requestApi, type ApiRequest } from "#e2e/cluster/api.ts";
import { openDatabase, type PortalDatabase } from "#e2e/cluster/open-database.ts";
import { apply, type Manifest } from "#e2e/cluster/portal/apply.ts";
import { Relay } from "#e2e/cluster/portal/relay.ts";
import { makeRows } from "#e2e/cluster/portal/rows-for-check.ts";
import { waitUntil } from "#e2e/cluster/wait-until.ts";
import { usualTiming } from "#infra/clusters/replicas/watch-cluster.ts";
import { watchReplicas } from "#infra/clusters/replicas/watch-clusters.ts";
import { systemClock } from "#lib/clock.ts";
import type { Context } from "#lib/context.ts";
import type { Db } from "#lib/db.ts";
import { newId } from "#lib/ids.ts";
import { findPreset } from "#lib/models/catalogue.ts";
import { imageOf } from "#lib/models/image-of.ts";
import { listReplicas } from "#lib/replicas/list.ts";
import { parseSealingKey } from "#lib/secrets/seal.ts";
import { forms } from "#lib/targets/kubernetes/forms-for-test.ts";
import { planKubernetes } from "#lib/targets/kubernetes/plan.ts";
import { settingsForTest, variantSettingsForTest } from "#lib/targets/kubernetes/settings-for-test.ts";
import { namespaceOf } from "#lib/targets/kubernetes/settings.ts";

// What the worker shows of replicas in a cluster, on a real API server with real pods. The manifests are the
// program's; only the command is this check's own, so that a pod writes, burns and dies when it is told to.

const place = inject("place");
const request = (path: string, options?: ApiRequest) => requestApi(place.admin, path, options);
const outer = process.env.SLUICE_CLUSTER_FOLDER!;
const id = newId("dep");
const namespace = namespaceOf(id);
const sealingKey = parseSealingKey(randomBytes(32).toString("base64"));
const form = forms["an HPA"]!.spec;
const [main] = form.variants;
const spec = {
  ...form,
  variants: [{ ...main!, scaling: { ...main!.scaling, minReplicas: 1, maxReplicas: 3 } }],
};

let relay: Relay;
let database: PortalDatabase;
let db: Db;
let owner: Context;
let worker: { stop(): Promise<void> } | null = null;

beforeAll(async () => {
  relay = await Relay.open(place.kubeconfig);
  database = await openDatabase(outer);
  db = database.db;
  owner = await makeRows(db, sealingKey, relay.kubeconfig, { id, status: "ready", spec });
  await applyModel();
  startWorker();
});

afterAll(async () => {
  await worker?.stop();
  await database?.close();
  await relay?.cut();
});

const program = `require("node:http").createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, "http://pod");
  if (pathname === "/say") console.log(searchParams.get("line"));
  if (pathname === "/burn") for (const end = Date.now() + 80; Date.now() < end; );
  if (pathname === "/die") { console.log("last words"); process.exit(3); }
  response.end("ok");
}).listen(8080, () => console.log("it listens"));`;

async function applyModel(): Promise<void> {
  const variant = variantSettingsForTest({
    image: imageOf(findPreset("sentiment")!, place.imagePrefix)!,
    requests: { cpu: "100m", memory: "64Mi" },
    scaleDownSeconds: 0,
  });
  const kinds = ["Namespace", "Deployment", "HorizontalPodAutoscaler"];
  const settings = settingsForTest({ variants: { main: variant }, streamLimitSeconds: 5 });
  for (const { inputs } of planKubernetes(id, spec, settings)) {
    const manifest = structuredClone(inputs) as { kind: string; metadata: { name: string } };
    const { kind, metadata } = manifest;
    if (!kinds.includes(kind) || metadata.name === "proxy") continue;
    if (kind === "Deployment") tell(manifest as unknown as Told);
    await apply(place.admin, manifest as unknown as Manifest);
  }
  await apply(place.admin, { apiVersion: "v1", kind: "Secret", metadata: { name: "env", namespace } });
}

type Told = { spec: { template: { spec: { containers: { command?: string[] }[] } } } };

function tell({ spec: { template } }: Told): void {
  template.spec.containers[0]!.command = ["/usr/local/bin/node", "-e", program];
}

function startWorker(): void {
  const log = pino({ level: process.env.LOG_LEVEL ?? "warn" });
  const timing = { ...usualTiming, everyMs: 500, staleMs: 3_000 };
  worker = watchReplicas(
    { db, clock: systemClock, log, sealingKey, googleEndpoint: null },
    { databaseUrl: database.url, timing },
  );
}

const replicas = () => listReplicas(owner, { deploymentId: id });
const row = () => db.deployment.findUniqueOrThrow({ where: { id } });
const lines = async () =>
  (await db.replicaLogLine.findMany({ orderBy: { id: "asc" } })).map(({ line }) => line);
const steps = () => db.scaleStep.findMany({ orderBy: { id: "asc" } });
const onlyReady = () =>
  waitUntil(
    "one replica that is ready",
    async () => {
      const found = await replicas();
      if (found.length === 1 && found[0]!.state === "ready") return found[0]!;
      throw new Error(JSON.stringify([(await row()).statusMessage, found]));
    },
    60_000,
  );
async function ask(path: string): Promise<Response> {
  const { pod } = await onlyReady();
  const { status } = await request(`/api/v1/namespaces/${namespace}/pods/${pod}`);
  return fetch(`http://${status.podIP}:8080${path}`);
}

// It needs images and a database beside the cluster, of the test's own.
describe.skipIf(!place?.own)("what the worker shows of replicas", () => {
  test("a pod is shown by its name and node, and what it writes line by line, each once", async () => {
    const replica = await onlyReady();
    expect(replica).toMatchObject({ id: `${id}/main/1`, node: place.own!.nodeName, pid: null, restarts: 0 });
    expect(replica.pod).toMatch(/^model-main-/);
    const said = Array.from({ length: 20 }, (_, n) => `line ${n}`);
    for (const line of said.slice(0, 10)) await ask(`/say?line=${encodeURIComponent(line)}`);
    await waitUntil("ten lines", async () => (await lines()).length === 11);
    await worker!.stop();
    for (const line of said.slice(10)) await ask(`/say?line=${encodeURIComponent(line)}`);
    startWorker();
    await waitUntil("the others", async () => (await lines()).length >= 21);
    expect(await lines()).toEqual(["it listens", ...said]);
  });

  test("one whose process ends is started again: counted, with its last words", async () => {
    await ask("/die").catch(() => undefined);
    await waitUntil("the restart", async () => (await replicas())[0]?.restarts === 1);
    await onlyReady();
    await waitUntil("what it wrote", async () => (await lines()).length >= 23);
    expect((await lines()).slice(21)).toEqual(["last words", "it listens"]);
  });

  test("a pod that is deleted by hand is shown as it ends, and as replaced", async () => {
    const before = await onlyReady();
    await request(`/api/v1/namespaces/${namespace}/pods/${before.pod}`, { method: "DELETE" });
    await waitUntil("both", async () => {
      const found = await replicas();
      const old = found.find(({ pod }) => pod === before.pod);
      return (
        old?.state === "draining" && found.some(({ pod, state }) => pod !== before.pod && state === "ready")
      );
    });
    expect((await replicas()).map(({ ordinal }) => ordinal)).toEqual([1, 2]);
    const after = await onlyReady();
    expect(after).toMatchObject({ ordinal: 2, restarts: 0 });
    expect(after.pod).not.toBe(before.pod);
  });

  test("the autoscaler's steps are shown with its figures, up and down", { timeout: 300_000 }, async () => {
    let enough = false;
    const { pod } = await onlyReady();
    const { status } = await request(`/api/v1/namespaces/${namespace}/pods/${pod}`);
    const load = (async () => {
      while (!enough) await fetch(`http://${status.podIP}:8080/burn`).catch(() => undefined);
    })();
    try {
      await waitUntil("a step up", async () => (await steps()).some(({ from, to }) => to > from), 120_000);
    } finally {
      enough = true;
      await load;
    }
    const [up] = await steps();
    expect(up).toMatchObject({ variant: "main", from: 1 });
    expect(up!.reason).toMatch(/^1 → [23]: cpu \d{2,4} % of requested, target \d+ %/);
    await waitUntil("a step down", async () => (await steps()).at(-1)?.to === 1, 150_000);
    expect((await steps()).at(-1)!.reason).toMatch(/→ 1: cpu \d+ % of requested, target \d+ %/);
    const all = await steps();
    expect(all.slice(1).map(({ from }) => from)).toEqual(all.slice(0, -1).map(({ to }) => to));
  });

  test("an API server that is away ends no replica, and is said to be away until it is back", async () => {
    await onlyReady();
    await relay.cut();
    await waitUntil("the sentence", async () => (await row()).statusCode === "target_unreachable");
    expect(await row()).toMatchObject({ status: "ready", replicasReady: 1 });
    expect((await replicas())[0]).toMatchObject({ state: "ready" });
    await relay.mend();
    await waitUntil("it to be taken back", async () => (await row()).statusCode === null);
    expect(await row()).toMatchObject({ status: "ready", statusMessage: null });
  });
});
