import { archiveColumns, toArchiveView, type ArchiveView } from "#lib/archives/archive-view.ts";
import { visibleTo } from "#lib/auth/visible-to.ts";
import type { Context } from "#lib/context.ts";
import { notFound } from "#lib/errors.ts";

/**
 * What is known of an archive: for who uploaded it, who owns the deployment that it belongs to, and admins.
 *
 * @throws SluiceError `not_found`
 */
export async function getArchive(ctx: Context, id: string): Promise<ArchiveView> {
  const { ownerId } = visibleTo(ctx.actor);
  const row = await ctx.db.archive.findFirst({
    where: { id, ...(ownerId !== undefined && { OR: [{ ownerId }, { deployment: { ownerId } }] }) },
    select: archiveColumns,
  });
  if (!row) throw notFound("archive");
  return toArchiveView(row);
}
