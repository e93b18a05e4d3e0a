import { recordAudit } from "#lib/audit/record.ts";
import { requireAdmin } from "#lib/auth/require-user.ts";
import { publish } from "#lib/changes/publish.ts";
import type { SealingContext } from "#lib/context.ts";
import type { Tx } from "#lib/db.ts";
import { SluiceError } from "#lib/errors.ts";
import { requestJob } from "#lib/jobs/request-job.ts";
import { invalid, parseInput } from "#lib/parse-input.ts";
import { seal } from "#lib/secrets/seal.ts";
import { lockTarget } from "#lib/targets/find-target.ts";
import { getTarget } from "#lib/targets/get-target.ts";
import { someNames } from "#lib/targets/some-names.ts";
import type { TargetView } from "#lib/targets/target-view.ts";
import {
  changeInput,
  readKubeconfigInput,
  targetSettings,
  toSettings,
  type KubeconfigRead,
  type TargetSettings,
} from "#lib/targets/target-input.ts";
import { refusingTakenName } from "#lib/targets/taken-name.ts";
import type { Prisma, Target } from "#prisma/generated/client.ts";

/**
 * Changes what is given of a registered target: its name, its settings, its kubeconfig. Another kubeconfig must lead
 * to the same cluster, because the deployments there would otherwise be looked for where they never were.
 *
 * @param input `changeInput` as it was sent; `null` takes a setting away
 * @throws SluiceError `invalid`, `name_taken`, `not_found`, or `forbidden` for who isn't an admin
 */
export async function changeTarget(
  ctx: SealingContext,
  nameOrId: string,
  input: unknown,
): Promise<TargetView> {
  requireAdmin(ctx.actor);
  const wanted = parseInput(changeInput, input);
  const now = ctx.clock.now();
  const read =
    wanted.kubeconfig === undefined ? null : readKubeconfigInput(wanted.kubeconfig, wanted.context, now);
  const id = await refusingTakenName(wanted.name ?? nameOrId, () =>
    ctx.db.$transaction(async (tx) => {
      const row = await lockTarget(tx, nameOrId);
      await changeSettings(tx, ctx, row, wanted, now);
      if (read) await replaceKubeconfig(tx, ctx, row, read, now);
      await publish(tx, { topic: "targets" });
      return row.id;
    }),
  );
  return getTarget(ctx, id);
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

/** Without the image prefix no built-in model that is there could be changed, or get a replica on another node. */
async function refuseWhilePulledFrom(tx: Tx, targetId: string): Promise<void> {
  const rows = await tx.$queryRaw<{ name: string }[]>`
    select d.name from deployment d join revision r on r.id = d.revision_id
    where d.target_id = ${targetId} and d.status <> 'destroyed'
      and exists (select from jsonb_array_elements(r.spec->'variants') v
        where v->'model'->>'preset' is not null)
    order by d.created_at`;
  if (rows.length === 0) return;
  const names = someNames(rows.map(({ name }) => name));
  const message = `The built-in models of ${names} are pulled from there. Give another prefix, or have them torn down first.`;
  throw invalid([{ field: "imagePrefix", message }]);
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
  await tx.target.update({ where: { id: row.id }, data: { kubeconfig: sealed, ...columns } });
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
