import { recordAudit } from "#lib/audit/record.ts";
import { requireAdmin } from "#lib/auth/require-user.ts";
import { publish } from "#lib/changes/publish.ts";
import type { SealingContext } from "#lib/context.ts";
import { newId } from "#lib/ids.ts";
import { requestJob } from "#lib/jobs/request-job.ts";
import { parseInput } from "#lib/parse-input.ts";
import { seal } from "#lib/secrets/seal.ts";
import { getTarget } from "#lib/targets/get-target.ts";
import type { TargetView } from "#lib/targets/target-view.ts";
import { readKubeconfigInput, registerInput, toSettings } from "#lib/targets/target-input.ts";
import { refusingTakenName } from "#lib/targets/taken-name.ts";

/**
 * Registers a cluster and has it checked. Of the kubeconfig only what is needed is kept, sealed; it is never shown
 * again.
 *
 * @param input `registerInput` as it was sent
 * @throws SluiceError `invalid` with its fields, `name_taken`, or `forbidden` for who isn't an admin
 */
export async function registerTarget(ctx: SealingContext, input: unknown): Promise<TargetView> {
  requireAdmin(ctx.actor);
  const { name, kubeconfig, context, ...settings } = parseInput(registerInput, input);
  const now = ctx.clock.now();
  const { minimal, columns } = readKubeconfigInput(kubeconfig, context, now);
  const id = newId("tgt");
  await refusingTakenName(name, () =>
    ctx.db.$transaction(async (tx) => {
      await tx.target.create({
        data: {
          id,
          name,
          kind: "kubernetes",
          settings: toSettings(settings),
          kubeconfig: seal(ctx.sealingKey, id, minimal),
          ...columns,
          createdById: ctx.actor.type === "user" ? ctx.actor.id : null,
          createdAt: now,
        },
      });
      await recordAudit(tx, ctx.actor, "target.register", id, { name, server: columns.server }, now);
      await requestJob(tx, { kind: "target.check", subjectId: id, actor: ctx.actor, now });
      await publish(tx, { topic: "targets" });
    }),
  );
  return getTarget(ctx, name);
}
