import type { LogRead } from "#infra/clusters/replicas/read-logs.ts";
import { publish } from "#lib/changes/publish.ts";
import type { Db } from "#lib/db.ts";
import { recordLogLines, type LogLine } from "#lib/replicas/record-log-and-steps.ts";

/**
 * Stores lines together with how far the log has been read, and only if nobody has read on since: so each line is there
 * once, whatever was broken off and whoever read.
 */
export async function recordLog(db: Db, read: LogRead, lines: LogLine[]): Promise<void> {
  const { replica, readTo } = read;
  await db.$transaction(async (tx) => {
    const { count } = await tx.replica.updateMany({
      where: { id: replica.id, podUid: replica.pod.metadata.uid, logReadTo: replica.logReadTo },
      data: { logReadTo: readTo },
    });
    if (count === 0 || lines.length === 0) return;
    await recordLogLines(tx, lines);
    await publish(tx, { topic: "deployment", deploymentId: replica.deploymentId });
  });
}
