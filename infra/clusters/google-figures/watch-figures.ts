import { readMonitoring } from "#infra/clusters/google-figures/read-monitoring.ts";
import { readRequestLog } from "#infra/clusters/google-figures/read-request-log.ts";
import { samplesOf } from "#infra/clusters/google-figures/samples-of.ts";
import { writeFigures } from "#infra/clusters/google-figures/write-figures.ts";
import type { LiveDeployment } from "#infra/clusters/live-deployments.ts";
import { rounds, type Rounds } from "#infra/clusters/rounds.ts";
import type { GoogleApi } from "#infra/google/api-client.ts";
import { explainTrouble } from "#infra/google/explain-trouble.ts";
import type { WorkerContext } from "#infra/worker/context.ts";
import { backendName, mainName } from "#lib/targets/gke/names.ts";
import { countedBy } from "#lib/traffic/counts.ts";
import { readMeasured, type Measured } from "#lib/traffic/measured.ts";
import { Prisma } from "#prisma/generated/client.ts";

/** Cloud Logging is read 60 times a minute at most in a project, by all together. */
const everyMs = 60_000;
const minuteMs = 60_000;
/** A minute's figures are there 210 seconds after its end, which is sampled within another minute. */
const settledMs = 270_000;
/** Minutes that are read once more, and the most that are read at once. */
const againMs = 3 * minuteMs;
const mostMs = 60 * minuteMs;
/** Entries of the log come late too. */
const logAgainMs = 2 * minuteMs;

type Parts = Pick<WorkerContext, "db" | "clock" | "log"> & {
  api: Pick<GoogleApi, "request">;
  signal: AbortSignal;
};

/** Reads what Google's load balancer counts of a deployment, where no HAProxy does. */
export function watchFigures(parts: Parts, newest: () => LiveDeployment): Rounds {
  const { signal, log } = parts;
  const { id } = newest();
  return rounds(
    async () => {
      await readOnce(parts, newest());
      return everyMs;
    },
    signal,
    {
      failing: (error) =>
        log.warn({ deployment: id, err: error }, "reading Google's figures failed, and is tried again"),
      well: () => log.info({ deployment: id }, "Google's figures are read again"),
    },
  );
}

async function readOnce(parts: Parts, deployment: LiveDeployment): Promise<void> {
  const { db, clock, signal } = parts;
  const { id, spec, place } = deployment;
  const row = await db.deployment.findUnique({
    where: { id },
    select: { endpoint: true, measured: true, createdAt: true },
  });
  if (!row) return;
  const before = readMeasured(row.measured);
  if (countedBy(spec) !== "google") {
    if (before) await db.deployment.update({ where: { id }, data: { measured: Prisma.DbNull } });
    return;
  }
  if (row.endpoint === null) return;
  const project = place.link?.split("/")[1] ?? "";
  const of = { ...namesOf(deployment), deploymentId: id, project };
  const window = windowOf(before, row.createdAt, clock.now());
  const { from, to } = window;
  const [minutes, requests] = await Promise.all([
    unlessRefused(readMonitoring(parts.api, { ...of, from, to }, signal), project),
    unlessRefused(
      readRequestLog(parts.api, { ...of, since: await newestRequest(parts, id, row.createdAt) }, signal),
      project,
    ),
  ]);
  signal.throwIfAborted();
  const isRead = minutes.trouble === null;
  const range = { from: from.getTime(), to: to.getTime() };
  const trouble = [...new Set([minutes.trouble, requests.trouble])].filter((one) => one !== null).join(" ");
  await writeFigures(db, id, {
    samples: isRead ? samplesOf(minutes.read ?? [], { ...of, ...range }) : [],
    requests: requests.read ?? [],
    measured: {
      until: isRead ? to.toISOString() : (before?.until ?? null),
      trouble: trouble === "" ? null : trouble,
    },
  });
}

/** Whole minutes from the last that was read to the last that is settled. */
function windowOf(before: Measured | null, madeAt: Date, now: Date): { from: Date; to: Date } {
  const whole = (ms: number) => Math.floor(ms / minuteMs) * minuteMs;
  const to = whole(now.getTime() - settledMs);
  const readTo = before?.until ? Date.parse(before.until) - againMs : madeAt.getTime();
  const from = Math.min(to - minuteMs, Math.max(whole(readTo), to - mostMs));
  return { from: new Date(from), to: new Date(to) };
}

/** What things of the deployment are called at Google's. */
function namesOf({ id, spec }: LiveDeployment) {
  const variants = spec.variants.map(({ name }) => name);
  const byBackend = new Map(variants.map((name) => [backendName(id, name), name]));
  return {
    urlMap: mainName(id),
    variants,
    // The bucket of static files has the main name; what no backend took is nobody's.
    variantOf: (backend: string) => (backend === mainName(id) ? null : (byBackend.get(backend) ?? "")),
  };
}

async function newestRequest({ db }: Parts, deploymentId: string, madeAt: Date): Promise<Date> {
  const row = await db.requestRow.findFirst({
    where: { deploymentId },
    orderBy: { at: "desc" },
    select: { at: true },
  });
  return row ? new Date(row.at.getTime() - logAgainMs) : madeAt;
}

/** @returns what was read, or why it couldn't be, for people */
async function unlessRefused<T>(
  reading: Promise<T>,
  project: string,
): Promise<{ read: T | null; trouble: string | null }> {
  try {
    return { read: await reading, trouble: null };
  } catch (error) {
    const { message, todo } = explainTrouble(error, project);
    return { read: null, trouble: `${message} ${todo}` };
  }
}
