import { publish } from "#lib/changes/publish.ts";
import type { Tx } from "#lib/db.ts";
import type { JobKind } from "#lib/jobs/job.ts";

/** Says that a job ended, however it did: to who asked, and to whoever looks at what it was about. */
export async function publishEnd(tx: Tx, job: { id: string; kind: JobKind }): Promise<void> {
  await publish(tx, { topic: "job", jobId: job.id });
  // A target's view says whether it is being looked at.
  if (job.kind === "target.check") await publish(tx, { topic: "targets" });
}
