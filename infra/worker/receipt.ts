import { access } from "node:fs/promises";
import type { Db } from "#lib/db.ts";
import { receiptLines } from "#lib/deployments/receipt-lines.ts";
import type { Receipt } from "#lib/deployments/view.ts";

/**
 * What a deployment's operations made and what became of it, from their events; and what was found to be still
 * there. What an interrupted attempt made has no row of its deletion: if nothing is left, the sweep got it.
 */
export async function writeReceipt(
  db: Db,
  deploymentId: string,
  found: { inTarget: Receipt["remaining"]; stateRows: number; folder: string },
  stood: NonNullable<Receipt["ended"]>,
  now: Date,
): Promise<Receipt> {
  const remaining = [...found.inTarget, ...(await engineLeft(found))];
  const lines = await receiptLines(db, deploymentId, remaining.length === 0 ? now : null);
  const left = new Set(remaining.map(({ what }) => what));
  // What is in a namespace that is still there may be too.
  const mayHold = remaining.some(({ kind }) => kind === "object");
  const ended = stood.filter(({ kind, what }) => !left.has(what) && !(mayHold && kind === "object"));
  return { ...lines, remaining, ended, checkedAt: now.toISOString() };
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
