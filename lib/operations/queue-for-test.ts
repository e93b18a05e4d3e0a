import { systemClock, type Clock } from "#lib/clock.ts";
import type { Actor, Context } from "#lib/context.ts";
import type { Db } from "#lib/db.ts";
import { newId } from "#lib/ids.ts";
import { begin, type Begun } from "#lib/operations/begin.ts";
import { enqueue } from "#lib/operations/enqueue.ts";
import type { Outcome } from "#lib/operations/finish.ts";
import type { OperationKind } from "#lib/operations/status.ts";

/** A clock that a test moves. */
export type HandClock = Clock & { pass(ms: number): void };

export function handClock(start = new Date("2026-01-01T00:00:00Z")): HandClock {
  let at = start.getTime();
  return { now: () => new Date(at), pass: (ms) => void (at += ms) };
}

export async function person(
  db: Db,
  name = "Ada",
  role: "admin" | "member" = "member",
): Promise<Actor & { id: string }> {
  const id = newId("usr");
  await db.user.create({ data: { id, name, email: `${id}@example.org`, role } });
  return { type: "user", id, role };
}

export async function deploymentOf(
  db: Db,
  ownerId: string,
): Promise<{ deploymentId: string; revisionId: string }> {
  const deploymentId = newId("dep");
  const revisionId = newId("rev");
  await db.deployment.create({
    data: { id: deploymentId, name: deploymentId, ownerId, target: "local", status: "queued", revisionId },
  });
  await db.revision.create({ data: { id: revisionId, deploymentId, number: 1, spec: {} } });
  return { deploymentId, revisionId };
}

export function queue(
  ctx: Context,
  of: { deploymentId: string; revisionId: string },
  kind: OperationKind = "deploy",
): Promise<string> {
  return ctx.db.$transaction((tx) => enqueue(tx, { ...of, kind, actor: ctx.actor, now: ctx.clock.now() }));
}

export function take(db: Db, clock: Clock = systemClock, workerId = "worker-a"): Promise<Begun | null> {
  return begin(db, { workerId, host: "here", targets: ["local"], clock });
}

/** As when its worker hasn't beaten for so long: nothing else makes a lease run out, as it is the database's clock that counts. */
export async function endLease(db: Db, operationId: string): Promise<void> {
  await db.$executeRaw`
    update operation set lease_until = now() - interval '1 millisecond' where id = ${operationId}`;
}

export const success: Outcome = {
  status: "succeeded",
  code: null,
  message: null,
  deployment: { status: "ready", code: null, message: null },
};

export const stopped: Outcome = {
  status: "interrupted",
  code: "interrupted",
  message: "The worker stopped.",
  deployment: { status: "failed", code: "interrupted", message: "The worker stopped." },
};
