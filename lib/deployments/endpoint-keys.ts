import * as z from "zod";
import { recordAudit } from "#lib/audit/record.ts";
import { hashToken, newToken, visiblePrefix } from "#lib/auth/token.ts";
import { publish } from "#lib/changes/publish.ts";
import type { Context } from "#lib/context.ts";
import type { Tx } from "#lib/db.ts";
import { findDeploymentId } from "#lib/deployments/find.ts";
import { notFound, SluiceError } from "#lib/errors.ts";
import { newId } from "#lib/ids.ts";
import { parseInput } from "#lib/parse-input.ts";

/** A key as it is listed; the key itself is shown when it is made, and never again. */
export type EndpointKeyView = {
  id: string;
  name: string;
  prefix: string;
  createdAt: string;
  revokedAt: string | null;
};

export const endpointKeyInput = z.strictObject({
  name: z.string().trim().min(1, "Give it a name.").max(60, "At most 60 characters."),
});

/** Makes a key that opens this deployment's endpoint and nothing else. @returns the key itself, this once */
export async function createEndpointKey(
  ctx: Context,
  idOrName: string,
  input: unknown,
): Promise<EndpointKeyView & { key: string }> {
  const deploymentId = await findDeploymentId(ctx, idOrName);
  const { name } = parseInput(endpointKeyInput, input);
  const now = ctx.clock.now();
  const key = newToken("sle");
  const row = { id: newId("key"), name, prefix: visiblePrefix(key), createdAt: now, revokedAt: null };
  await ctx.db.$transaction(async (tx) => {
    await refuseIfDestroyed(tx, deploymentId);
    await tx.endpointKey.create({ data: { ...row, deploymentId, hash: hashToken(key) } });
    await recordAudit(tx, ctx.actor, "endpoint_key.create", row.id, { deploymentId, name }, now);
    await publish(tx, { topic: "keys", deploymentId });
  });
  return { ...toView(row), key };
}

/** The keys that people made for this endpoint, newest first. */
export async function listEndpointKeys(ctx: Context, idOrName: string): Promise<EndpointKeyView[]> {
  const deploymentId = await findDeploymentId(ctx, idOrName);
  const rows = await ctx.db.endpointKey.findMany({
    where: { deploymentId, purpose: "person" },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
  });
  return rows.map(toView);
}

/** Ends a key at once, without a reload of the load balancer; a second time changes nothing. */
export async function revokeEndpointKey(
  ctx: Context,
  idOrName: string,
  keyId: string,
): Promise<EndpointKeyView> {
  const deploymentId = await findDeploymentId(ctx, idOrName);
  const now = ctx.clock.now();
  const one = { id: keyId, deploymentId, purpose: "person" };
  return ctx.db.$transaction(async (tx) => {
    const { count } = await tx.endpointKey.updateMany({
      where: { ...one, revokedAt: null },
      data: { revokedAt: now },
    });
    const row = await tx.endpointKey.findFirst({ where: one });
    if (!row) throw notFound("key");
    if (count > 0) {
      await recordAudit(tx, ctx.actor, "endpoint_key.revoke", keyId, { deploymentId }, now);
      await publish(tx, { topic: "keys", deploymentId });
    }
    return toView(row);
  });
}

async function refuseIfDestroyed(tx: Tx, id: string): Promise<void> {
  const gone = await tx.deployment.findFirst({ where: { id, status: "destroyed" }, select: { id: true } });
  if (gone) throw new SluiceError("conflict", "This deployment was torn down: its endpoint is gone.");
}

function toView(row: {
  id: string;
  name: string;
  prefix: string;
  createdAt: Date;
  revokedAt: Date | null;
}): EndpointKeyView {
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    createdAt: row.createdAt.toISOString(),
    revokedAt: row.revokedAt?.toISOString() ?? null,
  };
}
