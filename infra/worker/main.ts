import { hostname } from "node:os";
import pino from "pino";
import * as z from "zod";
import { attendClusters } from "#infra/clusters/attend-clusters.ts";
import { watchReplicas } from "#infra/clusters/replicas/watch-clusters.ts";
import { checkTargetJob, requestDueChecks } from "#infra/worker/check-targets.ts";
import type { WorkerContext } from "#infra/worker/context.ts";
import { driftJob, requestDueDrifts } from "#infra/worker/drift-job.ts";
import { forgetJob, retryForgets } from "#infra/worker/forget-job.ts";
import { startJobs } from "#infra/worker/job-loop.ts";
import { startWorker } from "#infra/worker/loop.ts";
import { obtainEngine } from "#infra/worker/obtain-engine.ts";
import { stackSecretsAhead } from "#infra/worker/prepare-job.ts";
import { previewJob } from "#infra/worker/preview-job.ts";
import { runnerPool } from "#infra/worker/runner-process.ts";
import { watchTargets } from "#infra/worker/watch-targets.ts";
import { removeUnusedArchives } from "#lib/archives/prune-archives.ts";
import { systemClock } from "#lib/clock.ts";
import { openDb } from "#lib/db.ts";
import type { TargetName } from "#lib/deployments/spec.ts";
import { readEnv } from "#lib/env.ts";
import { newId } from "#lib/ids.ts";
import { parseSealingKey } from "#lib/secrets/seal.ts";

const env = readEnv();
const given = z
  .object({
    DATABASE_URL: z.string(),
    SLUICE_KEY: z.string(),
    SLUICE_STATE_URL: z.string(),
    SLUICE_STATE_PORTAL_URL: z.string(),
  })
  .parse(process.env);
const log = pino({ level: env.LOG_LEVEL });
const db = openDb(given.DATABASE_URL);
const ctx: WorkerContext = {
  db,
  clock: systemClock,
  log,
  sealingKey: parseSealingKey(given.SLUICE_KEY),
  home: env.SLUICE_HOME,
  stateUrl: given.SLUICE_STATE_URL,
  statePortalUrl: given.SLUICE_STATE_PORTAL_URL,
  googleEndpoint: env.SLUICE_GOOGLE_ENDPOINT ?? null,
  workerId: newId("key").replace("key", "worker"),
  host: hostname(),
  runners: runnerPool(),
  newStackSecrets: stackSecretsAhead(),
};

// Whatever nobody waited for must not end the other operations: each has a process of its own, and here it is
// told to the log.
process.on("unhandledRejection", (error) => log.error({ err: error }, "unhandled rejection"));

const stopping = new AbortController();
const { engine, targets: reached } = obtainEngine(ctx, {
  cache: env.SLUICE_CACHE,
  searchPath: env.PATH,
  signal: stopping.signal,
});
const targets = watchTargets(ctx);
/** The engine as soon as it can look at targets of this kind. */
const lookWith = (kind: TargetName) => {
  const target = reached.find(({ name }) => name === kind);
  return target?.waitsFor() === null ? engine() : null;
};
const jobs = startJobs(ctx, {
  databaseUrl: given.DATABASE_URL,
  handlers: {
    "target.check": checkTargetJob,
    preview: previewJob(ctx, lookWith),
    drift: driftJob(ctx, lookWith),
    forget: forgetJob(ctx),
  },
  async due() {
    await requestDueChecks(ctx);
    await retryForgets(ctx);
    await removeUnusedArchives(ctx);
    const kinds = (["kubernetes", "gke"] as const).filter((kind) => lookWith(kind) !== null);
    if (kinds.length > 0) await requestDueDrifts(ctx, kinds);
  },
});
const replicas = watchReplicas(ctx, { databaseUrl: given.DATABASE_URL });
const traffic = attendClusters(ctx, { databaseUrl: given.DATABASE_URL });
const worker = startWorker(ctx, {
  databaseUrl: given.DATABASE_URL,
  targets: reached,
  engine,
  parallel: env.SLUICE_OPERATIONS,
  drainMs: 15_000,
  stopMs: 5_000,
});
log.info({ worker: ctx.workerId }, "worker started");

async function stop(): Promise<void> {
  // Told again: whoever waits is impatient.
  if (stopping.signal.aborted) return worker.hurry();
  stopping.abort();
  targets.stop();
  await Promise.all([jobs.stop(), replicas.stop(), traffic.stop(), worker.stop()]);
  await db.$disconnect();
  process.exit(0);
}
process.on("SIGTERM", () => void stop());
process.on("SIGINT", () => void stop());
