import { recordAudit } from "#lib/audit/record.ts";
import type { Context } from "#lib/context.ts";
import { newId } from "#lib/ids.ts";

/** The first account's address until its owner changes it; `.localhost` never leaves the machine. */
export const firstAdminEmail = "admin@sluice.localhost";

export type Account = { id: string; email: string; name: string };

/**
 * The oldest admin that isn't disabled; makes the first account where there is none. Two at once make one.
 */
export async function ensureAdmin(ctx: Pick<Context, "db" | "clock">): Promise<Account> {
  return ctx.db.$transaction(async (tx) => {
    await tx.$executeRaw`select pg_advisory_xact_lock(hashtext('sluice first admin'))`;
    const existing = await tx.user.findFirst({
      where: { role: "admin", disabledAt: null },
      orderBy: [{ createdAt: "asc" }, { id: "asc" }],
    });
    if (existing) return { id: existing.id, email: existing.email, name: existing.name };
    const now = ctx.clock.now();
    const account = { id: newId("usr"), email: firstAdminEmail, name: "Admin" };
    await tx.user.create({
      data: { ...account, emailVerified: true, role: "admin", createdAt: now, updatedAt: now },
    });
    await recordAudit(tx, { type: "system", reason: "first start" }, "person.create", account.id, {}, now);
    return account;
  });
}
