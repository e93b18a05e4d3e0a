import type { WorkerContext } from "#infra/worker/context.ts";
import { subscribe } from "#lib/changes/subscribe.ts";
import { claimJob } from "#lib/jobs/claim-job.ts";
import { finishJob, type JobOutcome } from "#lib/jobs/finish-job.ts";
import { leaveJob } from "#lib/jobs/leave-job.ts";
import { jobLeaseMs, type ClaimedJob, type JobKind } from "#lib/jobs/job.ts";
import { tidyJobs } from "#lib/jobs/tidy-jobs.ts";
import type { Prisma } from "#prisma/generated/client.ts";

export type JobContext = Pick<WorkerContext, "db" | "clock" | "log" | "sealingKey" | "googleEndpoint">;

/**
 * Does one kind of job. What it returns is stored as the result; what it throws is logged, and the job fails with
 * a sentence, which a JobFailure brings along. The signal ends it in time for its lease, and when the worker stops.
 */
export type JobHandler = (
  ctx: JobContext,
  job: ClaimedJob,
  signal: AbortSignal,
) => Promise<Prisma.InputJsonObject>;

export type JobHandlers = Partial<Record<JobKind, JobHandler>>;

/** Why a job failed, in words for who asked. */
export class JobFailure extends Error {
  override readonly name = "JobFailure";
}

const pollMs = 2_000;
const tidyMs = 15_000;

/**
 * Takes jobs and does them until it is stopped: a pool of its own, so that operations never wait for one.
 *
 * @param options.due is asked again and again, to ask for what is due
 */
export function startJobs(
  ctx: JobContext,
  options: { databaseUrl: string; handlers: JobHandlers; due?: () => Promise<void>; parallel?: number },
): { stop(): Promise<void> } {
  const { handlers, parallel = 3 } = options;
  const kinds = Object.keys(handlers) as JobKind[];
  const running = new Map<string, Promise<void>>();
  const stopping = new AbortController();
  let claiming: Promise<void> | null = null;
  let again = false;

  const claimAll = async () => {
    while (!stopping.signal.aborted && running.size < parallel) {
      const job = await claimJob(ctx.db, { kinds, clock: ctx.clock });
      if (!job) return;
      const done = doJob(ctx, handlers, job, stopping.signal).finally(() => {
        running.delete(job.id);
        claim();
      });
      running.set(job.id, done);
    }
  };
  const claim = () => {
    again = true;
    claiming ??= (async () => {
      while (again) {
        again = false;
        await claimAll();
      }
    })()
      .catch((error: unknown) => ctx.log.warn({ err: error }, "no job could be taken"))
      .finally(() => {
        claiming = null;
      });
  };
  const tidy = () => {
    void Promise.all([options.due?.(), tidyJobs(ctx.db, ctx.clock)]).catch((error: unknown) =>
      ctx.log.warn({ err: error }, "what is due couldn't be looked for"),
    );
  };

  const watch = subscribe(options.databaseUrl, {
    onChange(change) {
      if (change.topic === "job") claim();
    },
    onGap: claim,
  });
  const timers = [setInterval(claim, pollMs), setInterval(tidy, tidyMs)];
  claim();
  tidy();
  return {
    async stop() {
      stopping.abort();
      timers.forEach(clearInterval);
      await claiming;
      await Promise.all(running.values());
      await watch.close();
    },
  };
}

async function doJob(
  ctx: JobContext,
  handlers: JobHandlers,
  job: ClaimedJob,
  stopping: AbortSignal,
): Promise<void> {
  // Ends before the lease does, so that no second worker begins while this one still looks.
  const signal = AbortSignal.any([stopping, AbortSignal.timeout(jobLeaseMs * 0.9)]);
  const outcome = await handlers[job.kind]!(ctx, job, signal).then(
    (result): JobOutcome => ({ ok: true, result }),
    (error: unknown): JobOutcome => {
      const log = stopping.aborted ? "debug" : "warn";
      ctx.log[log]({ job: job.id, kind: job.kind, err: error }, "a job wasn't done");
      const message = "It failed for a reason that only the worker's log holds. Try it again.";
      return { ok: false, message: error instanceof JobFailure ? error.message : message };
    },
  );
  const end =
    stopping.aborted && !outcome.ok
      ? leaveJob(ctx.db, job, ctx.clock)
      : finishJob(ctx.db, job, outcome, ctx.clock);
  await end.catch((error: unknown) =>
    ctx.log.warn({ job: job.id, err: error }, "how a job went couldn't be written: it will be done again"),
  );
}
