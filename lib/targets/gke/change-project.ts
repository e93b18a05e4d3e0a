import { recordAudit } from "#lib/audit/record.ts";
import type { SealingContext } from "#lib/context.ts";
import type { Tx } from "#lib/db.ts";
import type { FieldError } from "#lib/errors.ts";
import { requestJob } from "#lib/jobs/request-job.ts";
import { invalid, parseInput } from "#lib/parse-input.ts";
import { seal } from "#lib/secrets/seal.ts";
import {
  changeProjectInput,
  keyBesideWorker,
  noKey,
  projectSettingNames,
  readKeyInput,
  toProjectSettings,
} from "#lib/targets/gke/project-input.ts";
import { projectSettings, type ProjectSettings } from "#lib/targets/gke/project-settings.ts";
import type { TargetChange } from "#lib/targets/change-target.ts";
import { refuseWhilePulledFrom } from "#lib/targets/refuse-while-pulled-from.ts";
import { someNames } from "#lib/targets/some-names.ts";
import type { Prisma, Target } from "#prisma/generated/client.ts";

/**
 * Reads what is to change of a Google project. Any account may take the place of the one that asks, since what names a
 * deployment's resources is project and location, which never change.
 *
 * @param input `changeProjectInput` as it was sent
 * @throws SluiceError `invalid`, at once or when it is written
 */
export function readProjectChange(ctx: SealingContext, input: unknown, now: Date): TargetChange {
  const wanted = parseInput(changeProjectInput, input);
  if (wanted.account === "worker" && wanted.key) throw keyBesideWorker();
  if (wanted.account === "key" && !wanted.key) throw noKey();
  const read = wanted.key ? readKeyInput(wanted.key, ctx.googleEndpoint) : null;
  return {
    name: wanted.name,
    async write(tx, row) {
      const stored = projectSettings.parse(row.settings);
      refuseMove(stored, wanted);
      const account = read ? "key" : (wanted.account ?? stored.account);
      const given = Object.fromEntries(
        projectSettingNames.map((key) => [key, wanted[key] === undefined ? stored[key] : wanted[key]]),
      );
      const after = toProjectSettings({ ...stored, account }, given);
      await refuseLoss(tx, row.id, stored, after);
      await changeSettings(tx, ctx, row, { ...after, name: wanted.name ?? row.name }, now);
      const minimal = account === "worker" ? null : read?.minimal;
      const replaces = minimal !== undefined && !(minimal === null && row.credentials === null);
      if (replaces) {
        const credentials = minimal === null ? null : seal(ctx.sealingKey, row.id, minimal);
        await tx.target.update({ where: { id: row.id }, data: { credentials } });
        const detail = { account: read?.email ?? account };
        await recordAudit(tx, ctx.actor, "target.replace_key", row.id, detail, now);
      }
      // The worker's own may be another one by now, which nothing here tells.
      if (replaces || wanted.account === "worker" || after.nodeServiceAccount !== stored.nodeServiceAccount)
        await requestJob(tx, { kind: "target.check", subjectId: row.id, actor: ctx.actor, now });
    },
  };
}

/** What is there would be looked for where it never was. */
function refuseMove(stored: ProjectSettings, wanted: { project?: string; location?: string }): void {
  const moved = (["project", "location"] as const).filter(
    (field) => wanted[field] !== undefined && wanted[field] !== stored[field],
  );
  const problems: FieldError[] = moved.map((field) => ({
    field,
    message: `It stays ${stored[field]}. Register another ${field} as a target of its own.`,
    code: "never_changes",
  }));
  if (problems.length > 0) throw invalid(problems);
}

async function refuseLoss(tx: Tx, id: string, before: ProjectSettings, after: ProjectSettings) {
  if (before.imagePrefix !== null && after.imagePrefix === null) await refuseWhilePulledFrom(tx, id);
  if (before.nodeServiceAccount !== null && after.nodeServiceAccount === null)
    await refuseWhileActedAs(tx, id);
}

/** Without the account no node of a cluster that is there could be made again. */
async function refuseWhileActedAs(tx: Tx, targetId: string): Promise<void> {
  const rows = await tx.$queryRaw<{ name: string }[]>`
    select d.name from deployment d join revision r on r.id = d.revision_id
    where d.target_id = ${targetId} and d.status <> 'destroyed' and r.spec->'google'->'cluster'->>'mode' = 'own'
    order by d.created_at`;
  if (rows.length === 0) return;
  const names = someNames(rows.map(({ name }) => name));
  const message = `The nodes of ${names} act as it. Give another account, or have them torn down first.`;
  throw invalid([{ field: "nodeServiceAccount", message }]);
}

async function changeSettings(
  tx: Tx,
  ctx: SealingContext,
  row: Target,
  after: ProjectSettings & { name: string },
  now: Date,
): Promise<void> {
  const before = { name: row.name, ...projectSettings.parse(row.settings) };
  const changed = (Object.keys(after) as (keyof typeof after)[]).filter((key) => after[key] !== before[key]);
  if (changed.length === 0) return;
  const { name, ...settings } = after;
  await tx.target.update({ where: { id: row.id }, data: { name, settings } });
  const detail: Prisma.InputJsonObject = Object.fromEntries(
    changed.map((key) => [key, { from: before[key], to: after[key] }]),
  );
  await recordAudit(tx, ctx.actor, "target.change", row.id, detail, now);
}
