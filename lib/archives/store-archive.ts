import { createHash } from "node:crypto";
import * as z from "zod";
import { archiveRefusal } from "#lib/archives/archive-error.ts";
import {
  archiveColumns,
  toArchiveView,
  type ArchiveContents,
  type ArchiveView,
} from "#lib/archives/archive-view.ts";
import { contentTypeOf } from "#lib/archives/content-type.ts";
import { archiveLimits, inMebibytes } from "#lib/archives/limits.ts";
import { openZip } from "#lib/archives/open-zip.ts";
import { recordAudit } from "#lib/audit/record.ts";
import { requireUser } from "#lib/auth/require-user.ts";
import type { Context } from "#lib/context.ts";
import type { Tx } from "#lib/db.ts";
import { SluiceError } from "#lib/errors.ts";
import { newId } from "#lib/ids.ts";
import { parseInput } from "#lib/parse-input.ts";

export const archiveName = z.strictObject({
  /** the file's name, to know it again by */
  name: z
    .string()
    .trim()
    .min(1, "Give it a name.")
    .max(100, "At most 100 characters.")
    .default("archive.zip"),
});

/** How many of the paths that are left out are kept: enough to see what kind of thing they are. */
const leftOutShown = 20;
const hourMs = 3_600_000;

/**
 * Keeps an archive of static files until a deployment is made of it. One that none uses goes after a day; a person has
 * a few of them at most, and another one takes the oldest one's place.
 *
 * @throws SluiceError `invalid` with what is wrong with the archive, `too_large`, or `too_many` in an hour
 */
export async function storeArchive(ctx: Context, input: unknown, zip: Buffer): Promise<ArchiveView> {
  const owner = requireUser(ctx.actor);
  const { name } = parseInput(archiveName, input);
  if (zip.length > archiveLimits.bytes)
    throw new SluiceError("too_large", `An archive has at most ${inMebibytes(archiveLimits.bytes)}.`);
  if (zip.length === 0) throw archiveRefusal("The archive is empty.");
  await refuseTooMany(ctx, owner.id);
  const contents = await readContents(zip);
  const now = ctx.clock.now();
  const id = newId("arc");
  const sha256 = createHash("sha256").update(zip).digest("hex");
  return ctx.db.$transaction(async (tx) => {
    const row = await tx.archive.create({
      data: {
        id,
        ownerId: owner.id,
        name,
        bytes: zip.length,
        contents,
        sha256,
        content: new Uint8Array(zip),
        createdAt: now,
      },
      select: archiveColumns,
    });
    await recordAudit(tx, ctx.actor, "archive.store", id, { name, bytes: zip.length, sha256 }, now);
    await removeOldest(tx, owner.id);
    return toArchiveView(row);
  });
}

async function readContents(zip: Buffer): Promise<ArchiveContents> {
  const { folder, files, leftOut } = await openZip(zip);
  const read: ArchiveContents["files"] = [];
  let left: number = archiveLimits.unpackedBytes;
  for (const { path, unpack } of files) {
    const { length } = await unpack(left);
    left -= length;
    read.push({ path, bytes: length, type: contentTypeOf(path) });
  }
  return { folder, files: read, leftOut: { count: leftOut.length, first: leftOut.slice(0, leftOutShown) } };
}

async function refuseTooMany({ db, clock }: Context, ownerId: string): Promise<void> {
  const since = new Date(clock.now().getTime() - hourMs);
  const actor = { actorType: "user", actorId: ownerId };
  const stored = await db.auditEntry.count({
    where: { ...actor, action: "archive.store", at: { gt: since } },
  });
  if (stored < archiveLimits.hourly) return;
  const message = `You uploaded ${stored} archives within an hour, and that is the most. Try again later.`;
  throw new SluiceError("too_many", message);
}

async function removeOldest(tx: Tx, ownerId: string): Promise<void> {
  const oldest = await tx.archive.findMany({
    where: { ownerId, deploymentId: null },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    skip: archiveLimits.unused,
    select: { id: true },
  });
  await tx.archive.deleteMany({ where: { id: { in: oldest.map(({ id }) => id) }, deploymentId: null } });
}
