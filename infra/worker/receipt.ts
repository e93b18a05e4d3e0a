import { access } from "node:fs/promises";
import type { Db } from "#lib/db.ts";
import type { Receipt } from "#lib/deployments/view.ts";
import type { OperationEvent } from "#lib/operations/events.ts";
import { resourceKey } from "#lib/targets/plan.ts";

type Line = Receipt["created"][number];

/**
 * What a deployment's operations made and what became of it, from their events; and what was found to be still
 * there. What an interrupted attempt made has no row of its deletion: if nothing is left, the sweep got it.
 */
export async function writeReceipt(
  db: Db,
  deploymentId: string,
  found: { inTarget: Receipt["remaining"]; stateRows: number; folder: string },
  now: Date,
): Promise<Receipt> {
  const rows = await db.operationEvent.findMany({
    where: { operation: { deploymentId }, kind: { in: ["resource_started", "resource_ended"] } },
    orderBy: [{ at: "asc" }, { seq: "asc" }],
    select: { at: true, data: true },
  });
  const events = rows.map((row) => ({ at: row.at.toISOString(), event: row.data as OperationEvent }));
  const remaining = [...found.inTarget, ...(await engineLeft(found))];
  return { ...linesOf(events, remaining.length === 0 ? now : null), remaining, checkedAt: now.toISOString() };
}

/** @param sweptAt when whatever has no deletion of its own was gone; null: it may not be */
export function linesOf(
  events: { at: string; event: OperationEvent }[],
  sweptAt: Date | null,
): Pick<Receipt, "created" | "deleted"> {
  const created = new Map<string, Line>();
  const deleted = new Map<string, Line>();
  for (const { at, event } of events) {
    if (event.kind !== "resource_started" && event.kind !== "resource_ended") continue;
    const key = resourceKey(event.resource);
    const line = { ...event.resource, at };
    if (event.change === "create" || event.change === "replace") {
      // A create that failed or never ended may have made something all the same; a later one made what was there.
      if (event.kind === "resource_started") created.set(key, line);
      deleted.delete(key);
    } else if (event.change === "delete" && event.kind === "resource_ended" && event.ok) {
      deleted.set(key, line);
    }
  }
  if (sweptAt) {
    for (const [key, line] of created) {
      if (!deleted.has(key)) deleted.set(key, { ...line, at: sweptAt.toISOString() });
    }
  }
  return { created: [...created.values()], deleted: [...deleted.values()] };
}

async function engineLeft(found: { stateRows: number; folder: string }): Promise<Receipt["remaining"]> {
  const left: Receipt["remaining"] = [];
  if (found.stateRows > 0)
    left.push({ kind: "state", what: `${found.stateRows} rows of the engine's state` });
  const isThere = await access(found.folder).then(
    () => true,
    () => false,
  );
  if (isThere) left.push({ kind: "file", what: found.folder });
  return left;
}
