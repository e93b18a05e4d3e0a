import { recordAudit } from "#lib/audit/record.ts";
import type { SealingContext } from "#lib/context.ts";
import type { Tx } from "#lib/db.ts";
import { SluiceError } from "#lib/errors.ts";
import { requestJob } from "#lib/jobs/request-job.ts";
import { parseInput } from "#lib/parse-input.ts";
import { seal } from "#lib/secrets/seal.ts";
import type { TargetChange } from "#lib/targets/change-target.ts";
import { refuseWhilePulledFrom } from "#lib/targets/refuse-while-pulled-from.ts";
import {
  changeInput,
  readKubeconfigInput,
  targetSettings,
  toSettings,
  type KubeconfigRead,
  type TargetSettings,
} from "#lib/targets/target-input.ts";
import type { Prisma, Target } from "#prisma/generated/client.ts";

/**
 * Reads what is to change of a cluster. Another kubeconfig must lead to the same one, because the deployments there would
 * otherwise be looked for where they never were.
 *
 * @param input `changeInput` as it was sent
 * @throws SluiceError `invalid`, at once or when it is written
 */
export function readClusterChange(ctx: SealingContext, input: unknown, now: Date): TargetChange {
  const wanted = parseInput(changeInput, input);
  const read =
    wanted.kubeconfig === undefined ? null : readKubeconfigInput(wanted.kubeconfig, wanted.context, now);
  return {
    name: wanted.name,
    async write(tx, row) {
      await changeSettings(tx, ctx, row, wanted, now);
      if (read) await replaceKubeconfig(tx, ctx, row, read, now);
    },
  };
}

type Wanted = { name?: string } & { [K in keyof TargetSettings]?: string | null };

async function changeSettings(
  tx: Tx,
  ctx: SealingContext,
  row: Target,
  wanted: Wanted,
  now: Date,
): Promise<void> {
  const stored = targetSettings.parse(row.settings);
  const given = Object.fromEntries(
    (["publicHost", "imagePrefix", "proxyImage"] as const).map((key) => [
      key,
      wanted[key] === undefined ? stored[key] : wanted[key],
    ]),
  );
  const before = { name: row.name, ...stored };
  const after = { name: wanted.name ?? row.name, ...toSettings(given) };
  const changed = (Object.keys(after) as (keyof typeof after)[]).filter((key) => after[key] !== before[key]);
  if (changed.length === 0) return;
  if (before.imagePrefix !== null && after.imagePrefix === null) await refuseWhilePulledFrom(tx, row.id);
  const { name, ...settings } = after;
  await tx.target.update({ where: { id: row.id }, data: { name, settings } });
  const detail: Prisma.InputJsonObject = Object.fromEntries(
    changed.map((key) => [key, { from: before[key], to: after[key] }]),
  );
  await recordAudit(tx, ctx.actor, "target.change", row.id, detail, now);
}

async function replaceKubeconfig(
  tx: Tx,
  ctx: SealingContext,
  row: Target,
  { minimal, columns }: KubeconfigRead,
  now: Date,
): Promise<void> {
  if (columns.clusterIdentifier !== row.clusterIdentifier) throw anotherCluster(row, columns.server);
  const sealed = seal(ctx.sealingKey, row.id, minimal);
  await tx.target.update({ where: { id: row.id }, data: { credentials: sealed, ...columns } });
  await recordAudit(tx, ctx.actor, "target.replace_kubeconfig", row.id, { server: columns.server }, now);
  await requestJob(tx, { kind: "target.check", subjectId: row.id, actor: ctx.actor, now });
}

function anotherCluster(row: Target, server: string): SluiceError {
  const message =
    server === row.server
      ? "This kubeconfig trusts another authority than the one registered, so it may be another cluster. Register it as a target of its own."
      : `This kubeconfig leads to ${server}, not to ${row.server}. Register it as a target of its own.`;
  return new SluiceError("invalid", message, {
    fields: [{ field: "kubeconfig", message, code: "other_cluster" }],
  });
}
