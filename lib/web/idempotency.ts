import { createHmac } from "node:crypto";
import { SluiceError } from "#lib/errors.ts";
import type { SealingContext } from "#lib/context.ts";
import { seal, unseal } from "#lib/secrets/seal.ts";
import { noteCommits } from "#lib/web/note-commits.ts";
import { Prisma } from "#prisma/generated/client.ts";

export type Answer = { status: number; body: unknown };
type Work = (ctx: SealingContext) => Promise<Answer>;

const keptForMs = 24 * 3_600_000;
/** No request takes this long: one that is still without an answer was broken off. */
const brokenOffAfterMs = 60_000;

/**
 * Does a request that carries an Idempotency-Key once: a second one gets the first one's answer for 24 hours.
 * Answers rest sealed, because some hold a new key; of a request only a keyed hash is kept. An error that comes
 * before anything was done isn't kept: the request may be tried again, mended or not.
 *
 * The answer is stored after the verb's own transaction, so a process that dies in between, or an error, has done it
 * and kept no answer. Nobody can tell that from one that died before, and doing it again could make it twice: such a
 * key stays `in_flight` for its 24 hours, with a sentence that says how to find out.
 *
 * @param request method, path and body: what makes it the same request
 * @param work does it, with the context that it is given
 * @throws SluiceError `in_flight`, or `idempotency_mismatch` where the key came with another request
 */
export async function once(
  ctx: SealingContext,
  userId: string,
  key: string,
  request: string | Buffer,
  work: Work,
): Promise<Answer & { replayed: boolean }> {
  if (!/^[\x21-\x7e]{1,200}$/.test(key)) {
    throw new SluiceError("malformed", "An Idempotency-Key is 1 to 200 printable characters without spaces.");
  }
  const owner = `answer:${userId}:${key}`;
  const bodyHash = createHmac("sha256", ctx.sealingKey.bytes).update(request).digest("hex");
  const earlier = await claim(ctx, userId, key, bodyHash);
  if (earlier) return { ...readAnswer(ctx, owner, earlier), replayed: true };
  const answer = await attempt(ctx, userId, key, work);
  const body = { sealed: seal(ctx.sealingKey, owner, JSON.stringify(answer)) };
  await ctx.db.idempotentAnswer.update({
    where: { userId_key: { userId, key } },
    data: { status: answer.status, body },
  });
  return { ...answer, replayed: false };
}

async function attempt(ctx: SealingContext, userId: string, key: string, work: Work) {
  const { db, mayHaveCommitted } = noteCommits(ctx.db);
  try {
    return await work({ ...ctx, db });
  } catch (error) {
    const where = { userId, key, status: null };
    if (mayHaveCommitted()) await breakOff(ctx, where);
    else await ctx.db.idempotentAnswer.deleteMany({ where });
    throw error;
  }
}

/** Has a key say at once that its request may have been done; without the database that comes a minute later. */
async function breakOff(ctx: SealingContext, where: { userId: string; key: string; status: null }) {
  const createdAt = new Date(ctx.clock.now().getTime() - brokenOffAfterMs - 1);
  await ctx.db.idempotentAnswer.updateMany({ where, data: { createdAt } }).catch(() => {});
}

const underWay = "The same request is under way. Ask again in a moment.";
const mayBeDone =
  "The portal stopped in the middle of this request, so it may have been done. List what is there; if it wasn't done, send it with a new Idempotency-Key.";

function readAnswer(ctx: SealingContext, owner: string, sealed: string): Answer {
  try {
    return JSON.parse(unseal(ctx.sealingKey, owner, sealed)) as Answer;
  } catch (cause) {
    const message =
      "It was done already, but its answer can't be read any more: the sealing key has changed.";
    throw new SluiceError("conflict", message, { cause });
  }
}

/** @returns the sealed answer of an earlier request, or `null` if this one has the key now */
async function claim(
  ctx: SealingContext,
  userId: string,
  key: string,
  bodyHash: string,
): Promise<string | null> {
  const now = ctx.clock.now();
  await ctx.db.$executeRaw`
    delete from idempotent_answer
    where user_id = ${userId} and created_at < ${new Date(now.getTime() - keptForMs)}`;
  try {
    await ctx.db.idempotentAnswer.create({ data: { userId, key, bodyHash, createdAt: now } });
    return null;
  } catch (error) {
    if (!(error instanceof Prisma.PrismaClientKnownRequestError) || error.code !== "P2002") throw error;
  }
  const earlier = await ctx.db.idempotentAnswer.findUnique({ where: { userId_key: { userId, key } } });
  if (earlier && earlier.bodyHash !== bodyHash) {
    throw new SluiceError(
      "idempotency_mismatch",
      "This Idempotency-Key was used for another request. Send a new one.",
    );
  }
  if (!earlier || earlier.status === null) {
    const brokenOff = earlier !== null && now.getTime() - earlier.createdAt.getTime() > brokenOffAfterMs;
    throw new SluiceError("in_flight", brokenOff ? mayBeDone : underWay);
  }
  return (earlier.body as { sealed: string }).sealed;
}
