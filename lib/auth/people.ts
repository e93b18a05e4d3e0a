import * as z from "zod";
import { recordAudit } from "#lib/audit/record.ts";
import { requireAdmin } from "#lib/auth/require-user.ts";
import { publish } from "#lib/changes/publish.ts";
import type { Context, Role } from "#lib/context.ts";
import { notFound, SluiceError } from "#lib/errors.ts";
import { parseInput } from "#lib/parse-input.ts";
import type { User } from "#prisma/generated/client.ts";

export type PersonView = {
  id: string;
  name: string;
  email: string;
  role: Role;
  createdAt: string;
  disabledAt: string | null;
};

/** An invitation that nobody has used. */
export type InvitationView = { id: string; email: string; role: Role; createdAt: string; expiresAt: string };

/** As it stands in a URL: every value is a text. */
export const peopleInput = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(100),
  /** `nextCursor` of the page before */
  cursor: z.string().max(40).optional(),
});

export type PeoplePage = {
  people: PersonView[];
  /** all of them, on every page */
  invitations: InvitationView[];
  nextCursor: string | null;
  /** how many people there are, over all pages */
  total: number;
};

/** Who may sign in, a page at a time, and who is invited. @throws SluiceError `forbidden` for who isn't an admin */
export async function listPeople(ctx: Context, input: z.input<typeof peopleInput> = {}): Promise<PeoplePage> {
  requireAdmin(ctx.actor);
  const { limit, cursor } = parseInput(peopleInput, input);
  const [rows, total, links] = await Promise.all([
    ctx.db.user.findMany({
      orderBy: [{ createdAt: "asc" }, { id: "asc" }],
      take: limit + 1,
      ...(cursor !== undefined && { cursor: { id: cursor }, skip: 1 }),
    }),
    ctx.db.user.count(),
    ctx.db.signInLink.findMany({
      where: { purpose: "invite", usedAt: null, expiresAt: { gt: ctx.clock.now() } },
      orderBy: { createdAt: "asc" },
    }),
  ]);
  const people = rows.slice(0, limit);
  return {
    people: people.map(toView),
    nextCursor: rows.length > limit ? (people.at(-1)?.id ?? null) : null,
    total,
    invitations: links.map((link) => ({
      id: link.id,
      email: link.email,
      role: roleOf(link.role),
      createdAt: link.createdAt.toISOString(),
      expiresAt: link.expiresAt.toISOString(),
    })),
  };
}

/** Takes back an invitation: its link opens nothing any more. */
export async function revokeInvitation(ctx: Context, id: string): Promise<void> {
  requireAdmin(ctx.actor);
  await ctx.db.$transaction(async (tx) => {
    const { count } = await tx.signInLink.deleteMany({ where: { id, purpose: "invite", usedAt: null } });
    if (count === 0) throw notFound("invitation");
    await recordAudit(tx, ctx.actor, "person.uninvite", id, {}, ctx.clock.now());
  });
}

/**
 * Disables a person: their sessions end, their keys and the links they made open nothing, their deployments stay.
 *
 * @throws SluiceError `conflict` for the last admin who isn't disabled
 */
export async function disablePerson(ctx: Context, id: string): Promise<PersonView> {
  requireAdmin(ctx.actor);
  const now = ctx.clock.now();
  return ctx.db.$transaction(async (tx) => {
    // Two admins who disable each other at once would leave none: they wait for each other here.
    await tx.$executeRaw`select pg_advisory_xact_lock(hashtext('sluice first admin'))`;
    const person = await tx.user.findUnique({ where: { id } });
    if (!person) throw notFound("person");
    if (person.disabledAt) return toView(person);
    if (
      person.role === "admin" &&
      (await tx.user.count({ where: { role: "admin", disabledAt: null } })) === 1
    ) {
      throw new SluiceError("conflict", "This is the last admin. Invite another admin first.");
    }
    const row = await tx.user.update({ where: { id }, data: { disabledAt: now } });
    await tx.session.deleteMany({ where: { userId: id } });
    // Also those they made: whoever is shut out could have kept one for themselves.
    await tx.signInLink.deleteMany({
      where: { OR: [{ email: row.email }, { createdById: id }], usedAt: null },
    });
    await recordAudit(tx, ctx.actor, "person.disable", id, {}, now);
    await publish(tx, { topic: "keys", deploymentId: null });
    return toView(row);
  });
}

export async function enablePerson(ctx: Context, id: string): Promise<PersonView> {
  requireAdmin(ctx.actor);
  const now = ctx.clock.now();
  return ctx.db.$transaction(async (tx) => {
    const person = await tx.user.findUnique({ where: { id } });
    if (!person) throw notFound("person");
    if (!person.disabledAt) return toView(person);
    const row = await tx.user.update({ where: { id }, data: { disabledAt: null } });
    await recordAudit(tx, ctx.actor, "person.enable", id, {}, now);
    await publish(tx, { topic: "keys", deploymentId: null });
    return toView(row);
  });
}

function toView(row: User): PersonView {
  return {
    id: row.id,
    name: row.name,
    email: row.email,
    role: roleOf(row.role),
    createdAt: row.createdAt.toISOString(),
    disabledAt: row.disabledAt?.toISOString() ?? null,
  };
}

function roleOf(role: string): Role {
  return role === "admin" ? "admin" : "member";
}
