import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { fakeApiServer, type FakeApiServer } from "#e2e/cluster/stand-in/fake-api-server.ts";
import { engineEnvironment, fencedStateUrl } from "#infra/engine/child-environment.ts";
import { testEngine } from "#infra/engine/engine-for-test.ts";
import { processesWith } from "#infra/engine/processes-for-test.ts";
import { pulumiStack } from "#infra/engine/pulumi-driver.ts";
import { newStackSecrets } from "#infra/engine/stack-secrets.ts";
import { stateDatabase } from "#infra/engine/state-database-for-test.ts";
import { raiseStackFence } from "#infra/postgres/stack-fence.ts";
import { kubernetesProgram } from "#infra/targets/kubernetes/program.ts";
import { driftJob } from "#infra/worker/drift-job.ts";
import { forgetJob } from "#infra/worker/forget-job.ts";
import { startJobs } from "#infra/worker/job-loop.ts";
import type { LookContext } from "#infra/worker/look.ts";
import type { Engine } from "#infra/worker/loop.ts";
import { placeJob } from "#infra/worker/place-job.ts";
import { previewJob } from "#infra/worker/preview-job.ts";
import type { SealingContext } from "#lib/context.ts";
import { createDeployment } from "#lib/deployments/create.ts";
import { getDrift, repairDeployment, requestDrift } from "#lib/deployments/drift.ts";
import type { PreviewJobResult } from "#lib/deployments/preview-job.ts";
import { recordDrift } from "#lib/deployments/record-drift.ts";
import { requestPreview } from "#lib/deployments/request-preview.ts";
import { readSpec } from "#lib/deployments/to-view.ts";
import { readJob } from "#lib/jobs/read-job.ts";
import { seal } from "#lib/secrets/seal.ts";
import { testAuthority } from "#lib/targets/kubernetes/authority-for-test.ts";
import { findingsForTest } from "#lib/targets/kubernetes/findings-for-test.ts";
import { recordFindings } from "#lib/targets/record-findings.ts";
import { registerTarget } from "#lib/targets/register-target.ts";
import { testPortal, type TestPortal } from "#lib/web/portal-for-test.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const token = "canary-token-of-the-kubeconfig";
let portal: TestPortal;
let admin: SealingContext;
let member: SealingContext;
let cluster: FakeApiServer;
let engine: Engine;
let state: Awaited<ReturnType<typeof stateDatabase>>;
let home: string;
let ctx: LookContext;
const running: { stop(): Promise<void> }[] = [];

beforeAll(async () => {
  vi.stubEnv("PATH", `${import.meta.dirname}:${process.env.PATH}`);
  engine = { ...(await testEngine()), pluginFolders: [] };
  portal = await testPortal();
  // The certificates are of today.
  portal.clock.move(Date.now() - portal.clock.now().getTime());
  state = await stateDatabase();
  home = mkdtempSync(path.join(tmpdir(), "sluice-looks-"));
  admin = await portal.person("Ada", "admin");
  member = await portal.person("Grace");
  cluster = await fakeApiServer(await testAuthority(), [token]);
  const { db, clock, log, sealingKey } = portal;
  ctx = { db, clock, log, sealingKey, home, stateUrl: state.url, googleEndpoint: null };
  await registerTarget(admin, { name: "prod", kubeconfig: cluster.kubeconfig(token) });
  const row = await db.target.findFirstOrThrow();
  await recordFindings(db, {
    targetId: row.id,
    credentials: row.credentials!,
    clusterUid: null,
    findings: findingsForTest(),
    at: clock.now(),
  });
  await db.job.deleteMany();
  running.push(
    startJobs(ctx, {
      databaseUrl: portal.env.DATABASE_URL!,
      handlers: { preview: previewJob(ctx, () => engine), drift: driftJob(ctx, () => engine) },
    }),
  );
});
afterAll(async () => {
  for (const loop of running) await loop.stop();
  await cluster.close();
  await portal.drop();
  await state.drop();
  rmSync(home, { recursive: true, force: true });
  vi.unstubAllEnvs();
});
beforeEach(() => {
  cluster.tokens.add(token);
  cluster.objects.clear();
  cluster.asked.length = 0;
});

const draft = {
  name: "chat",
  target: "prod",
  model: { image: "registry.example.org/chat:1", port: 8080 },
  env: [{ name: "TOKEN", secret: "canary-secret" }],
};

async function ended(id: string) {
  await expect
    .poll(async () => (await readJob(member, id)).status, { timeout: 90_000 })
    .toMatch(/done|failed/);
  return readJob(member, id);
}

/** A deployment as an operation leaves it: made in the cluster and remembered by the engine. */
async function deployed(name: string) {
  const { id } = await createDeployment(member, { ...draft, name });
  const row = await portal.db.deployment.findUniqueOrThrow({ where: { id } });
  const revision = await portal.db.revision.findUniqueOrThrow({ where: { id: row.revisionId! } });
  const { target, plan } = await placeJob(ctx, row, readSpec(revision.spec), false);
  if (target.kind !== "kubernetes") throw new Error("It went elsewhere.");
  const secrets = await newStackSecrets();
  await raiseStackFence(state.url, id, 1);
  const folder = path.join(home, "made", id);
  const stack = await pulumiStack({
    cliPath: engine.path,
    cliVersion: engine.version,
    name: id,
    folder,
    secrets,
    env: engineEnvironment(process.env, {
      cliPath: engine.path,
      folder,
      stateUrl: fencedStateUrl(state.url, 1),
      passphrase: secrets.passphrase,
      operationId: "op-test",
      deploymentId: id,
      fence: 1,
      runtimeSocket: null,
    }),
    program: kubernetesProgram(target),
    runsAtDestroy: true,
    isNew: true,
    patienceMs: 20_000,
  });
  const run = { signal: new AbortController().signal, onEvent: () => {}, onRegistered: () => {} };
  await stack.up(plan, run);
  const stackSecrets = seal(portal.sealingKey, id, JSON.stringify(secrets));
  await portal.db.operation.updateMany({ where: { deploymentId: id }, data: { status: "succeeded" } });
  await portal.db.deployment.update({ where: { id }, data: { stackSecrets, fence: 1, status: "ready" } });
  return { id, plan, stack, run };
}

function withImage(spec: unknown, image: string): unknown {
  const changed = structuredClone(spec) as { template: { spec: { containers: { image: string }[] } } };
  changed.template.spec.containers[0]!.image = image;
  return changed;
}

const engineFolders = () => {
  try {
    return readdirSync(path.join(home, "engine"));
  } catch {
    return [];
  }
};

test("of a new deployment: the engine says each thing, nothing is made, and nothing stays", async () => {
  const before = await state.rows();
  const { preview, job } = await requestPreview(member, draft);
  const done = await ended(job!.id);
  expect(done).toMatchObject({ status: "done", message: null });
  const { engine: by, changes } = done.result as PreviewJobResult;
  expect(by).toBe("preview");
  expect(changes.map(({ type, name, change }) => ({ type, name, change }))).toEqual(
    preview.changes.map(({ type, name }) => ({ type, name, change: "create" })),
  );
  expect(changes.every(({ summary }) => summary !== "")).toBe(true);
  expect(cluster.objects.size).toBe(0);
  expect(cluster.asked.filter((line) => !/ GET /.test(line))).toEqual([]);
  expect(await state.rows()).toBe(before);
  expect(engineFolders()).toEqual([]);
  expect(processesWith(`SLUICE_OPERATION=${job!.id}`)).toEqual([]);
});

test("of a change: what the engine compares with its own memory, which stays as it is, and so does the fence", async () => {
  const { id, plan } = await deployed("changing");
  const [before, objects] = [await state.rows(), JSON.stringify([...cluster.objects])];
  const change = {
    deployment: id,
    model: { image: "registry.example.org/chat:2", port: 8080 },
    env: [{ name: "TOKEN", secret: "canary-other" }],
  };
  const { job } = await requestPreview(member, change);
  const { result, status } = await ended(job!.id);
  expect(status).toBe("done");
  const changes = Object.fromEntries(
    (result as PreviewJobResult).changes.map(({ type, name, change }) => [
      `${type.split(":").at(-1)} ${name}`,
      change,
    ]),
  );
  expect(changes).toMatchObject({
    [`Namespace sluice-${id}`]: "same",
    "Secret env": "update",
    "Deployment model-main": "update",
    "Service model-main": "same",
  });
  expect(Object.keys(changes)).toHaveLength(plan.length);
  expect(await state.rows()).toBe(before);
  expect(JSON.stringify([...cluster.objects])).toBe(objects);
  expect((await portal.db.deployment.findUniqueOrThrow({ where: { id } })).fence).toBe(1);
});

test("what was changed or deleted by hand is found, what controllers write isn't, and it is put right", async () => {
  const { id, plan, stack, run } = await deployed("drifting");
  const rows = await state.rows();
  const looked = async () => {
    expect(await requestDrift(member, id)).toMatchObject({ checking: true });
    await expect.poll(async () => (await getDrift(member, id))?.checking, { timeout: 90_000 }).toBe(false);
    return (await getDrift(member, id))!;
  };
  expect(await looked()).toMatchObject({ items: [], trouble: null, checkedAt: expect.any(String) as string });
  await expect(repairDeployment(member, id)).rejects.toMatchObject({ code: "conflict" });

  const key = (end: string) => [...cluster.objects.keys()].find((one) => one.endsWith(end))!;
  const declared = structuredClone(cluster.objects.get(key("/deployments/model-main"))!);
  cluster.objects.delete(key("/services/model-main"));
  cluster.objects.set(key("/deployments/model-main"), {
    ...declared,
    metadata: { ...declared.metadata, annotations: { "deployment.kubernetes.io/revision": "3" } },
    spec: withImage(declared.spec, "by-hand:1"),
  });
  const env = cluster.objects.get(key("/secrets/env"))!;
  cluster.objects.set(key("/secrets/env"), { ...env, data: { TOKEN: "Ynk6aGFuZA==" } });
  const { items } = await looked();
  expect(items[0]).toMatchObject({ name: "model-main", gone: true });
  const said = Object.fromEntries(
    items.map(({ type, name, what }) => [`${type.split(":").at(-1)} ${name}`, what]),
  );
  expect(said).toEqual({
    "Service model-main": "It was deleted.",
    "Secret env": "another value of TOKEN.",
    "Deployment model-main": expect.stringContaining(
      "image is by-hand:1 instead of registry.example.org/chat:1",
    ) as string,
  });
  expect(JSON.stringify(items)).not.toContain("canary");
  expect(await state.rows()).toBe(rows);

  expect(await repairDeployment(member, id)).toMatchObject({ kind: "update", status: "queued" });
  await expect(requestDrift(member, id)).rejects.toMatchObject({ code: "conflict" });
  await stack.up(plan, { ...run, looksFirst: true });
  expect(cluster.objects.has(key("/services/model-main"))).toBe(true);
  expect(cluster.objects.get(key("/deployments/model-main"))?.spec).toEqual(declared.spec);
  expect(cluster.objects.get(key("/secrets/env"))?.data).toEqual(env.data);
});

test("a look at a cluster that doesn't answer says so, and keeps what was seen before", async () => {
  const { id } = await deployed("silent");
  const items = [
    { type: "kubernetes:core/v1:Service", name: "endpoint", gone: true, what: "It was deleted." },
  ];
  await recordDrift(portal.db, { deploymentId: id, fence: 1, seen: { items }, at: portal.clock.now() });
  cluster.tokens.clear();
  await requestDrift(member, id);
  await expect
    .poll(async () => (await getDrift(member, id))?.trouble?.message, { timeout: 90_000 })
    .toContain("credentials");
  expect(await getDrift(member, id)).toMatchObject({ items, checkedAt: portal.clock.now().toISOString() });
});

test("what the engine remembers of one that was given up is deleted, and nothing else", async () => {
  const [{ id }, other] = [await deployed("given-up"), await deployed("kept")];
  expect(await state.rows()).toContain(id);
  await portal.db.deployment.update({ where: { id }, data: { status: "destroyed" } });
  const forget = forgetJob({ ...ctx, statePortalUrl: state.url });
  const job = { id: "job-x", kind: "forget", subjectId: id, input: {}, attempt: 1 } as const;
  await forget(ctx, job, new AbortController().signal);
  expect(await state.rows()).not.toContain(id);
  expect(await state.rows()).toContain(other.id);
});

test("no secret is in a job's row, and another person's job isn't there", async () => {
  const { job } = await requestPreview(member, {
    ...draft,
    pullSecret: { registry: "r.example.org", username: "u", password: "canary-password" },
  });
  await ended(job!.id);
  const rows = JSON.stringify(await portal.db.job.findMany());
  for (const text of ["canary-secret", "canary-other", "canary-password", token])
    expect(rows).not.toContain(text);
  const stranger = await portal.person("Edith");
  await expect(readJob(stranger, job!.id)).rejects.toMatchObject({ code: "not_found" });
  expect((await readJob(admin, job!.id)).id).toBe(job!.id);
});

test("a cluster that doesn't take its credentials any more is the job's own sentence, without its address", async () => {
  cluster.tokens.clear();
  const { job } = await requestPreview(member, draft);
  const { status, message } = await ended(job!.id);
  expect({ status, message }).toMatchObject({
    status: "failed",
    message: expect.stringContaining("credentials") as string,
  });
  expect(message).not.toContain("127.0.0.1");
});

test("who has many under way gets no more", async () => {
  const greedy = await portal.person("Joan");
  await portal.db.job.createMany({
    data: Array.from({ length: 5 }, (_, n) => ({
      id: `job-${n}`,
      kind: "preview",
      subjectId: `${n}`,
      status: "running",
      attempt: 1,
      leaseUntil: new Date(Date.now() + 600_000),
      requestedById: greedy.userId,
    })),
  });
  await expect(requestPreview(greedy, draft)).rejects.toMatchObject({ code: "too_many" });
});

test("a worker that stops ends the engine of its look", async () => {
  cluster.hold();
  const { job } = await requestPreview(member, { ...draft, name: "held" });
  await expect.poll(() => cluster.asked.length, { timeout: 60_000 }).toBeGreaterThan(0);
  const [loop] = running.splice(0);
  await loop!.stop();
  cluster.letGo();
  expect(processesWith(`SLUICE_OPERATION=${job!.id}`)).toEqual([]);
  expect(engineFolders()).toEqual([]);
  expect((await readJob(member, job!.id)).status).toBe("running");
});
