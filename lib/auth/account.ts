import { hashPassword, verifyPassword } from "better-auth/crypto";
import * as z from "zod";
import { recordAudit } from "#lib/audit/record.ts";
import { requireUser } from "#lib/auth/require-user.ts";
import { emailRule, passwordRule, personNameRule } from "#lib/auth/rules.ts";
import { setPassword } from "#lib/auth/set-password.ts";
import type { Context, Role } from "#lib/context.ts";
import { notFound } from "#lib/errors.ts";
import { invalid, parseInput } from "#lib/parse-input.ts";
import { Prisma } from "#prisma/generated/client.ts";

/** A person's own account. */
export type AccountView = {
  id: string;
  name: string;
  email: string;
  role: Role;
  /** without one, they sign in by one-time links */
  hasPassword: boolean;
};

export async function getAccount(ctx: Pick<Context, "db" | "actor">): Promise<AccountView> {
  const { id } = requireUser(ctx.actor);
  const row = await ctx.db.user.findUnique({
    where: { id },
    include: { accounts: { select: { password: true } } },
  });
  if (!row) throw notFound("account");
  return {
    id,
    name: row.name,
    email: row.email,
    role: row.role === "admin" ? "admin" : "member",
    hasPassword: row.accounts.some((account) => account.password !== null),
  };
}

export const accountInput = z.strictObject({ name: personNameRule.optional(), email: emailRule.optional() });

/** Changes one's own name or address. @throws SluiceError `invalid` where the address is somebody else's */
export async function updateAccount(ctx: Context, input: unknown): Promise<AccountView> {
  const { id } = requireUser(ctx.actor);
  const changes = parseInput(accountInput, input);
  const now = ctx.clock.now();
  try {
    await ctx.db.$transaction(async (tx) => {
      const before = await tx.user.findUnique({ where: { id }, select: { email: true } });
      await tx.user.update({ where: { id }, data: { ...changes, updatedAt: now } });
      if (before && changes.email !== undefined && changes.email !== before.email) {
        // A link signs in whoever has its address: nobody who takes this one later may be meant.
        await tx.signInLink.deleteMany({ where: { email: before.email, usedAt: null } });
      }
      await recordAudit(tx, ctx.actor, "person.update", id, { fields: Object.keys(changes) }, now);
    });
  } catch (error) {
    if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2002") {
      throw invalid([{ field: "email", message: "Somebody here has this address already." }]);
    }
    throw error;
  }
  return getAccount(ctx);
}

export const passwordInput = z.strictObject({
  /** needed where there is one */
  currentPassword: z.string().max(128).optional(),
  newPassword: passwordRule,
});

/**
 * Sets one's own password, which ends all sessions but the one that asks.
 *
 * @param keepSession the token of the session that asks
 * @throws SluiceError `invalid` where the current password is wrong
 */
export async function changePassword(
  ctx: Context,
  input: unknown,
  keepSession: string | null = null,
): Promise<void> {
  const { id } = requireUser(ctx.actor);
  const { currentPassword, newPassword } = parseInput(passwordInput, input);
  const credential = await ctx.db.account.findFirst({ where: { userId: id, providerId: "credential" } });
  if (credential?.password) {
    const good = await verifyPassword({ hash: credential.password, password: currentPassword ?? "" });
    if (!good) throw invalid([{ field: "currentPassword", message: "This isn't your current password." }]);
  }
  const hash = await hashPassword(newPassword);
  const now = ctx.clock.now();
  await ctx.db.$transaction(async (tx) => {
    await setPassword(tx, id, hash, now);
    await tx.session.deleteMany({
      where: { userId: id, ...(keepSession ? { token: { not: keepSession } } : {}) },
    });
    await recordAudit(tx, ctx.actor, "person.password", id, {}, now);
  });
}
