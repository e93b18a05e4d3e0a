import type { Tx } from "#lib/db.ts";
import { SluiceError } from "#lib/errors.ts";

/**
 * The zip itself, for the worker.
 *
 * @throws SluiceError `not_found` where it isn't this deployment's
 */
export async function readArchive(
  db: Pick<Tx, "archive">,
  { id, deploymentId }: { id: string; deploymentId: string },
): Promise<Buffer> {
  const row = await db.archive.findFirst({ where: { id, deploymentId }, select: { content: true } });
  if (!row) throw gone();
  return Buffer.from(row.content.buffer, row.content.byteOffset, row.content.byteLength);
}

const gone = () =>
  new SluiceError(
    "not_found",
    "The static files of this deployment aren't stored any more. Upload them again under Settings.",
  );
