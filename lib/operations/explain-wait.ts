import { publish } from "#lib/changes/publish.ts";
import type { Db } from "#lib/db.ts";
import { appendEvents } from "#lib/operations/append-events.ts";

/** Says, once in each queued operation's log, what it waits for. */
export async function explainWait(
  db: Db,
  input: { targets: string[]; text: string; now: Date },
): Promise<void> {
  const silent = await db.operation.findMany({
    where: {
      status: "queued",
      deployment: { target: { in: input.targets } },
      events: { none: { kind: "log" } },
    },
    select: { id: true, deploymentId: true },
  });
  const event = { kind: "log", level: "info", source: "worker", text: input.text } as const;
  for (const { id: operationId, deploymentId } of silent) {
    await db.$transaction(async (tx) => {
      const seq = await appendEvents(tx, operationId, [{ at: input.now, event }], { statuses: ["queued"] });
      if (seq !== null) {
        await publish(tx, { topic: "operation", deploymentId, operationId, seq, byWorker: true });
      }
    });
  }
}
