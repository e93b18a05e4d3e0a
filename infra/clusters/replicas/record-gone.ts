import { isRecorded } from "#infra/clusters/replicas/is-recorded.ts";
import type { DeploymentRow } from "#infra/clusters/replicas/read-rows.ts";
import type { Db } from "#lib/db.ts";
import { recordReplicas } from "#lib/replicas/record-replicas.ts";

/**
 * Writes that there are no replicas, since Google knows no such cluster. One that was never made, or went with its
 * deployment, is nothing to speak of; where a deployment serves from it somebody deleted it.
 *
 * @param link `projects/P/locations/L/clusters/C`
 */
export async function recordGone(db: Db, rows: DeploymentRow[], link: string, now: Date): Promise<void> {
  const [, project, , location, , name] = link.split("/");
  const message = `Google has no cluster ${name} in ${location} of the project ${project} any more: somebody deleted it, and what ran there went with it. Tear this deployment down, and deploy it again.`;
  for (const row of rows) {
    const shortage = row.status === "destroyed" ? null : { code: "objects_missing" as const, message };
    const seen = { id: row.id, desired: 0, ready: 0, shortage, replicas: [] };
    if (!isRecorded(row, seen, true)) await recordReplicas(db, seen, now);
  }
}
