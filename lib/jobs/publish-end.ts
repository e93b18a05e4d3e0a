import { publish } from "#lib/changes/publish.ts";
import type { Tx } from "#lib/db.ts";
import type { JobKind } from "#lib/jobs/job.ts";

/** Says that a job ended, however it did: to who asked, and to whoever looks at what it was about. */
export async function publishEnd(
  tx: Tx,
  job: { id: string; kind: JobKind; subjectId: string },
): Promise<void> {
  await publish(tx, { topic: "job", jobId: job.id });
  // The views of these say whether they are being looked at.
  if (job.kind === "target.check") await publish(tx, { topic: "targets" });
  if (job.kind === "drift") await publish(tx, { topic: "deployment", deploymentId: job.subjectId });
}
