import type { Cluster } from "#infra/clusters/ask-cluster.ts";
import {
  dateOf,
  linesAfter,
  nothingRead,
  parseLog,
  readPosition,
  sinceTime,
  writePosition,
  type LogPosition,
} from "#infra/clusters/replicas/log-position.ts";
import { hasRun, modelContainer, restartsOf, type Pod } from "#infra/clusters/replicas/pod.ts";
import { ApiError } from "#infra/kubernetes/api-client.ts";
import { objectPath } from "#infra/kubernetes/object-path.ts";
import type { TimedLine } from "#infra/kubernetes/timed-line.ts";
import { longestLine, type LogLine } from "#lib/replicas/record-log-and-steps.ts";

/** The most lines that are taken of a pod in one look, and the most bytes. */
const mostLines = 1_000;
const mostBytes = 4 * 1024 * 1024;

/** A replica whose log is read, as its row says. */
export type LoggedReplica = { id: string; deploymentId: string; logReadTo: string | null; pod: Pod };

export type LogRead = { replica: LoggedReplica; lines: LogLine[]; readTo: string };

/**
 * What a replica has written since its log was last read. Of a container that ended the last lines come first: they say
 * why it ended.
 *
 * @returns null where there is nothing new, or nothing to read yet
 * @throws ApiError or ApiUnreachable
 */
export async function readLog(cluster: Cluster, replica: LoggedReplica): Promise<LogRead | null> {
  const { pod } = replica;
  if (!hasRun(pod)) return null;
  const from = readPosition(replica.logReadTo);
  const current = await readContainer(cluster, pod, from, false);
  const before = isContinued(current, from, pod) ? [] : await readContainer(cluster, pod, from, true);
  const ended = linesAfter(before, from);
  const now = linesAfter(current, ended.to);
  const isTail = from.time !== nothingRead.time && now.fresh.length >= mostLines;
  const taken = [...ended.fresh, ...(isTail ? [leftOut(now.fresh[0]!)] : []), ...now.fresh];
  const { id: replicaId, deploymentId } = replica;
  const lines = taken.map(({ time, line }) => ({
    deploymentId,
    replicaId,
    at: dateOf(time),
    line,
  }));
  const readTo = writePosition(now.to);
  return taken.length === 0 ? null : { replica, lines, readTo };
}

/** Whether a log goes on where it was left: that of a container that was started since doesn't hold the last line. */
function isContinued(lines: TimedLine[], from: LogPosition, pod: Pod): boolean {
  return from.time === nothingRead.time
    ? restartsOf(pod) === 0
    : lines.some(({ time }) => time === from.time);
}

async function readContainer(
  cluster: Cluster,
  pod: Pod,
  from: LogPosition,
  previous: boolean,
): Promise<TimedLine[]> {
  const { namespace, name } = pod.metadata;
  const since = sinceTime(from);
  const query = new URLSearchParams({
    container: modelContainer,
    timestamps: "true",
    tailLines: String(mostLines),
    limitBytes: String(mostBytes),
    ...(since !== null && { sinceTime: since }),
    ...(previous && { previous: "true" }),
  });
  const path = `${objectPath({ apiVersion: "v1", kind: "Pod", namespace, name })}/log?${query.toString()}`;
  try {
    return parseLog(await cluster.text(path));
  } catch (error) {
    // It has no log: it waits for its start, or its last container was cleared away, or the pod is gone.
    if (error instanceof ApiError && [400, 404].includes(error.status)) return [];
    throw error;
  }
}

function leftOut({ time }: TimedLine): TimedLine {
  return { time, line: "… Lines were left out here: more is written than can be kept." };
}

/** Lines as they may be shown: without secrets, and none too long. */
export function shown(lines: LogLine[], mask: (text: string) => string): LogLine[] {
  return lines
    .filter(({ line }) => line !== "")
    .map((one) => ({ ...one, line: mask(one.line).slice(0, longestLine) }));
}
