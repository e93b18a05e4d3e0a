import { hashPassword } from "better-auth/crypto";
import * as z from "zod";
import { recordAudit } from "#lib/audit/record.ts";
import { ensureAdmin } from "#lib/auth/ensure-admin.ts";
import { requireAdmin } from "#lib/auth/require-user.ts";
import { setPassword } from "#lib/auth/set-password.ts";
import { hashToken, newToken } from "#lib/auth/token.ts";
import type { Context, Role } from "#lib/context.ts";
import type { Tx } from "#lib/db.ts";
import { SluiceError } from "#lib/errors.ts";
import { newId } from "#lib/ids.ts";
import { invalid, parseInput } from "#lib/parse-input.ts";
import { emailRule, passwordRule, personNameRule } from "#lib/auth/rules.ts";

/** A link as it is made: the token is shown now and never again. */
export type NewLink = { token: string; email: string; expiresAt: string };
/** What the link's page shows before it is spent. */
export type LinkView = { purpose: "invite" | "sign_in"; email: string; expiresAt: string };

const lifetimeMs = { sign_in: 30 * 60_000, invite: 7 * 24 * 3_600_000 } as const;

/**
 * Makes a one-time link that signs an existing person in: for the first start and for who is locked out.
 * Without an address it is for the admin, whose account is made if there is none.
 *
 * @throws SluiceError `not_found` where nobody has this address; `conflict` where the person is disabled
 */
export async function createSignInLink(ctx: Context, input: { email?: string } = {}): Promise<NewLink> {
  requireAdmin(ctx.actor);
  const email = input.email === undefined ? (await ensureAdmin(ctx)).email : input.email.trim().toLowerCase();
  const person = await ctx.db.user.findUnique({ where: { email } });
  if (!person)
    throw new SluiceError("not_found", `Nobody here has the address ${email}. Invite them instead.`);
  if (person.disabledAt) throw new SluiceError("conflict", `${email} is disabled. Enable the account first.`);
  return ctx.db.$transaction((tx) => insertLink(tx, ctx, "sign_in", email, "member"));
}

export const invitationInput = z.strictObject({
  email: emailRule,
  role: z.enum(["admin", "member"]).default("member"),
});

/**
 * Makes a one-time link that makes an account when it is spent. An older invitation of the same address ends.
 *
 * @throws SluiceError `invalid` where somebody has this address
 */
export async function invite(ctx: Context, input: unknown): Promise<NewLink> {
  requireAdmin(ctx.actor);
  const { email, role } = parseInput(invitationInput, input);
  return ctx.db.$transaction(async (tx) => {
    if (await tx.user.findUnique({ where: { email } })) {
      throw invalid([{ field: "email", message: "Somebody here has this address already." }]);
    }
    await tx.signInLink.deleteMany({ where: { email, purpose: "invite", usedAt: null } });
    return insertLink(tx, ctx, "invite", email, role);
  });
}

async function insertLink(tx: Tx, ctx: Context, purpose: LinkView["purpose"], email: string, role: Role) {
  const now = ctx.clock.now();
  const expiresAt = new Date(now.getTime() + lifetimeMs[purpose]);
  const token = newToken("sll");
  const id = newId("lnk");
  const createdById = ctx.actor.type === "user" ? ctx.actor.id : null;
  await tx.signInLink.create({
    data: { id, tokenHash: hashToken(token), purpose, email, role, createdById, createdAt: now, expiresAt },
  });
  await recordAudit(
    tx,
    ctx.actor,
    purpose === "invite" ? "person.invite" : "link.create",
    id,
    { email, role },
    now,
  );
  return { token, email, expiresAt: expiresAt.toISOString() };
}

/**
 * Reads a link without spending it.
 *
 * @throws SluiceError `not_found` with the reason: unknown, used or expired
 */
export async function readSignInLink(ctx: Pick<Context, "db" | "clock">, token: string): Promise<LinkView> {
  const link = await ctx.db.signInLink.findUnique({ where: { tokenHash: hashToken(token) } });
  if (!link || link.usedAt || link.expiresAt <= ctx.clock.now()) throw deadLink(link);
  return {
    purpose: link.purpose === "invite" ? "invite" : "sign_in",
    email: link.email,
    expiresAt: link.expiresAt.toISOString(),
  };
}

export const spendLinkInput = z.strictObject({
  token: z.string().max(200),
  /** the new account's name; for invitations alone */
  name: personNameRule.optional(),
  /** needed for an invitation; with a sign-in link it sets a new one, which ends all sessions there are */
  password: passwordRule.optional(),
});

/**
 * Spends a link: of any number at once, one succeeds. The caller makes the session.
 *
 * @returns the person's id
 * @throws SluiceError `invalid` (which leaves the link unspent) or `not_found` with the reason
 */
export async function spendSignInLink(ctx: Pick<Context, "db" | "clock">, input: unknown): Promise<string> {
  const { token, name, password } = parseInput(spendLinkInput, input);
  const { purpose } = await readSignInLink(ctx, token);
  if (purpose === "invite") {
    const missing = [
      ...(name === undefined ? [{ field: "name", message: "Enter your name." }] : []),
      ...(password === undefined ? [{ field: "password", message: "Choose a password." }] : []),
    ];
    if (missing.length > 0) throw invalid(missing);
  }
  const passwordHash = password === undefined ? null : await hashPassword(password);
  return ctx.db.$transaction(async (tx) => {
    const now = ctx.clock.now();
    const [link] = await tx.signInLink.updateManyAndReturn({
      where: { tokenHash: hashToken(token), usedAt: null, expiresAt: { gt: now } },
      data: { usedAt: now },
    });
    if (!link) throw deadLink(await tx.signInLink.findUnique({ where: { tokenHash: hashToken(token) } }));
    const person =
      purpose === "invite"
        ? await makeAccount(tx, { email: link.email, name: name ?? link.email, role: link.role, now })
        : await tx.user.findUnique({ where: { email: link.email, disabledAt: null } });
    if (!person) throw new SluiceError("not_found", "This account doesn't exist any more, or is disabled.");
    if (passwordHash) {
      await setPassword(tx, person.id, passwordHash, now);
      // Who sets a new one may do it because somebody else knew the old one.
      await tx.session.deleteMany({ where: { userId: person.id } });
    }
    const actor = { type: "user", id: person.id, role: "member" } as const;
    await recordAudit(tx, actor, "link.use", link.id, { purpose, newPassword: passwordHash !== null }, now);
    return person.id;
  });
}

async function makeAccount(tx: Tx, account: { email: string; name: string; role: string; now: Date }) {
  const { now, ...rest } = account;
  if (await tx.user.findUnique({ where: { email: rest.email } })) {
    throw new SluiceError("conflict", "An account with this address exists already. Sign in instead.");
  }
  return tx.user.create({
    data: { id: newId("usr"), ...rest, emailVerified: true, createdAt: now, updatedAt: now },
  });
}

function deadLink(link: { usedAt: Date | null; purpose: string } | null): SluiceError {
  const another =
    link?.purpose === "invite"
      ? "Ask an admin for another invitation."
      : "Ask an admin, or make another with `npm run sign-in-link -- EMAIL` on the machine that runs Sluice.";
  if (!link) return new SluiceError("not_found", `There is no such link. ${another}`);
  return new SluiceError(
    "not_found",
    `This link was ${link.usedAt ? "used already" : "not used in time"}. ${another}`,
  );
}
