import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { hostname, tmpdir } from "node:os";
import path from "node:path";
import pino from "pino";
import { testEngine } from "#infra/engine/engine-for-test.ts";
import { stateDatabase } from "#infra/engine/state-database-for-test.ts";
import { newStackSecrets } from "#infra/engine/stack-secrets.ts";
import { fakeRuntime, type FakeRuntime } from "#infra/local-runtime/provider/fake-runtime.ts";
import { runtimeSocketPath } from "#infra/local-runtime/socket-path.ts";
import type { WorkerContext } from "#infra/worker/context.ts";
import { startWorker, type Worker } from "#infra/worker/loop.ts";
import { runnerPool } from "#infra/worker/runner-process.ts";
import { specForTest } from "#lib/deployments/spec-for-test.ts";
import { subscribe } from "#lib/changes/subscribe.ts";
import { systemClock } from "#lib/clock.ts";
import type { Actor, Context } from "#lib/context.ts";
import type { Db } from "#lib/db.ts";
import type { StoredSpec } from "#lib/deployments/spec.ts";
import { newId } from "#lib/ids.ts";
import { enqueue } from "#lib/operations/enqueue.ts";
import { listEvents } from "#lib/operations/list-events.ts";
import { isTerminal, type OperationKind, type OperationStatus } from "#lib/operations/status.ts";
import { parseSealingKey } from "#lib/secrets/seal.ts";
import { testDatabase, type TestDatabase } from "#prisma/test-database.ts";

/** A whole worker on a database, an engine's state and a stand-in runtime of its own. */
export type Bench = {
  database: TestDatabase;
  ctx: WorkerContext;
  user: Context;
  runtime: FakeRuntime;
  stateUrl: string;
  /** all that the engine's state holds, as text */
  stateRows(): Promise<string>;
  /** answers as the endpoint of every deployment; status by path, 200 if not said */
  endpoint: {
    url: string;
    statuses: Map<string, number>;
    asked: { path: string; key: string | undefined }[];
  };
  /** @param through another way to the same database */
  start(through?: { db: Db; databaseUrl: string }): Worker;
  stopWorkers(): Promise<void>;
  /** a deployment with its first revision; no operation */
  deployment(change?: Partial<StoredSpec>, targetId?: string): Promise<{ id: string; revisionId: string }>;
  revise(deploymentId: string, change: Partial<StoredSpec>): Promise<string>;
  enqueue(deployment: { id: string; revisionId: string }, kind: OperationKind): Promise<string>;
  ended(operationId: string): Promise<OperationStatus>;
  close(): Promise<void>;
};

/** What such a worker has beside this machine. */
type BenchOptions = { kinds?: string[]; pluginFolders?: string[]; googleEndpoint?: string };

export async function workerBench(options: BenchOptions = {}): Promise<Bench> {
  const { kinds = ["local"], pluginFolders = [], googleEndpoint = null } = options;
  const engine = await testEngine();
  const database = await testDatabase();
  const { db } = database;
  const state = await stateDatabase();
  const home = mkdtempSync(path.join(tmpdir(), "sluice-worker-"));
  const socketPath = runtimeSocketPath(home);
  await mkdir(path.dirname(socketPath), { recursive: true, mode: 0o700 });
  const endpoint = await endpointServer();
  const { port } = new URL(endpoint.url);
  const runtime = await fakeRuntime({
    socketPath,
    endpoint: { url: endpoint.url, ip: "127.0.0.1", port: Number(port), access: "private" },
  });
  const actor: Actor = { type: "user", id: newId("usr"), role: "member" };
  await db.user.create({ data: { id: actor.id, name: "Ada", email: "ada@example.org" } });
  const workers: Worker[] = [];
  const stopWorkers = async () => {
    await Promise.all(workers.splice(0).map((worker) => worker.stop()));
  };
  const context = (): WorkerContext => ({
    db,
    clock: systemClock,
    log: pino({ level: process.env.LOG_LEVEL ?? "silent" }),
    sealingKey,
    home,
    stateUrl: state.url,
    statePortalUrl: state.url,
    googleEndpoint,
    workerId: newId("key"),
    host: hostname(),
    runners: runnerPool(),
    newStackSecrets,
  });
  const sealingKey = parseSealingKey(randomBytes(32).toString("base64"));
  const user: Context = { db, actor, clock: systemClock };

  return {
    database,
    ctx: context(),
    user,
    runtime,
    stateUrl: state.url,
    stateRows: state.rows,
    endpoint,
    start(through) {
      const worker = startWorker(through ? { ...context(), db: through.db } : context(), {
        databaseUrl: through?.databaseUrl ?? database.url,
        targets: kinds.map((name) => ({ name, waitsFor: () => null })),
        engine: () => ({ ...engine, pluginFolders }),
        parallel: 2,
        drainMs: 100,
        stopMs: 10_000,
      });
      workers.push(worker);
      return worker;
    },
    stopWorkers,
    async deployment(change, targetId) {
      const id = newId("dep");
      const revisionId = newId("rev");
      await db.deployment.create({
        data: {
          id,
          name: id,
          ownerId: actor.id,
          target: change?.target ?? "local",
          targetId,
          status: "queued",
          revisionId,
        },
      });
      await db.revision.create({
        data: { id: revisionId, deploymentId: id, number: 1, spec: specForTest(change) },
      });
      return { id, revisionId };
    },
    async revise(deploymentId, change) {
      const id = newId("rev");
      const number = (await db.revision.count({ where: { deploymentId } })) + 1;
      await db.revision.create({ data: { id, deploymentId, number, spec: specForTest(change) } });
      await db.deployment.update({ where: { id: deploymentId }, data: { revisionId: id } });
      return id;
    },
    enqueue: ({ id, revisionId }, kind) =>
      db.$transaction((tx) => enqueue(tx, { deploymentId: id, revisionId, kind, actor, now: new Date() })),
    ended: (operationId) => endOf(database, operationId),
    async close() {
      await stopWorkers();
      await runtime.close();
      await endpoint.close();
      await database.drop();
      await state.drop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Waits for the row to say so, woken by the notifications. */
async function endOf({ db, url }: TestDatabase, operationId: string): Promise<OperationStatus> {
  let wake = () => {};
  const watch = subscribe(url, { onChange: () => wake(), onGap: () => wake() });
  try {
    for (;;) {
      const woken = new Promise<void>((resolve) => {
        wake = resolve;
        setTimeout(resolve, 500);
      });
      const { status } = await db.operation.findUniqueOrThrow({ where: { id: operationId } });
      if (isTerminal(status as OperationStatus)) return status as OperationStatus;
      await woken;
    }
  } finally {
    await watch.close();
  }
}

/** The kinds of an operation's events in short words, such as `planning+` and `+creating`. */
export async function storyOf(ctx: Context, operationId: string): Promise<string[]> {
  const events = await listEvents(ctx, { operationId });
  return events.flatMap((event) => {
    switch (event.kind) {
      case "stage_started":
        return [`${event.stage}…`];
      case "stage_ended":
        return [`${event.stage} ${event.ok ? "done" : "failed"}`];
      case "ended":
        return [`${event.status} ${event.code ?? ""}`.trim()];
      default:
        return [];
    }
  });
}

async function endpointServer() {
  const statuses = new Map<string, number>();
  const asked: { path: string; key: string | undefined }[] = [];
  const server = http.createServer((request, response) => {
    const { url = "" } = request;
    asked.push({ path: url, key: request.headers.authorization });
    request.resume();
    response.writeHead(statuses.get(url) ?? 200, { "content-type": "application/json" }).end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, statuses, asked, close };
}
