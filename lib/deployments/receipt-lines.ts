import type { Receipt } from "#lib/deployments/view.ts";
import type { Tx } from "#lib/db.ts";
import type { OperationEvent } from "#lib/operations/events.ts";
import { resourceKey } from "#lib/targets/plan.ts";

type Line = Receipt["created"][number];

/**
 * What a deployment's operations made and what became of it, from their events. What an interrupted attempt made has no
 * row of its deletion: if nothing is left, the sweep got it.
 *
 * @param sweptAt when whatever has no deletion of its own was gone; null: it may not be
 */
export async function receiptLines(
  db: Tx,
  deploymentId: string,
  sweptAt: Date | null,
): Promise<Pick<Receipt, "created" | "deleted">> {
  const rows = await db.operationEvent.findMany({
    where: { operation: { deploymentId }, kind: { in: ["resource_started", "resource_ended"] } },
    orderBy: [{ at: "asc" }, { seq: "asc" }],
    select: { at: true, data: true },
  });
  const events = rows.map((row) => ({ at: row.at.toISOString(), event: row.data as OperationEvent }));
  return linesOf(events, sweptAt);
}

/** As `receiptLines`, of these events. */
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
