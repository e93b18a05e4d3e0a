import { randomUUID } from "node:crypto";
import type { Tx } from "#lib/db.ts";

/** Stores a password's hash as better-auth's `credential` account, made if there is none. */
export async function setPassword(tx: Tx, userId: string, passwordHash: string, now: Date): Promise<void> {
  const { count } = await tx.account.updateMany({
    where: { userId, providerId: "credential" },
    data: { password: passwordHash, updatedAt: now },
  });
  if (count > 0) return;
  await tx.account.create({
    data: {
      id: randomUUID(),
      accountId: userId,
      providerId: "credential",
      userId,
      password: passwordHash,
      createdAt: now,
      updatedAt: now,
    },
  });
}
