import { requireAdmin } from "#lib/auth/require-user.ts";
import { publish } from "#lib/changes/publish.ts";
import type { SealingContext } from "#lib/context.ts";
import type { Tx } from "#lib/db.ts";
import { findRegistered, lockTarget } from "#lib/targets/find-target.ts";
import { getTarget } from "#lib/targets/get-target.ts";
import { readProjectChange } from "#lib/targets/gke/change-project.ts";
import { readClusterChange } from "#lib/targets/kubernetes/change-cluster.ts";
import type { TargetView } from "#lib/targets/target-view.ts";
import { refusingTakenName } from "#lib/targets/taken-name.ts";
import type { Target } from "#prisma/generated/client.ts";

/** What is to change of a target, read and found well by itself. */
export type TargetChange = {
  name: string | undefined;
  /** writes it to the row, which is locked */
  write(tx: Tx, row: Target): Promise<void>;
};

/**
 * Changes what is given of a registered target: its name, its settings, its credentials. It stays the same cluster, or
 * the same project and location.
 *
 * @param input `changeInput` or `changeProjectInput` as it was sent; `null` takes a setting away
 * @throws SluiceError `invalid`, `name_taken`, `not_found`, or `forbidden` for who isn't an admin
 */
export async function changeTarget(
  ctx: SealingContext,
  nameOrId: string,
  input: unknown,
): Promise<TargetView> {
  requireAdmin(ctx.actor);
  const now = ctx.clock.now();
  const { id, kind } = await findRegistered(ctx.db, nameOrId);
  const change = kind === "gke" ? readProjectChange(ctx, input, now) : readClusterChange(ctx, input, now);
  await refusingTakenName(change.name ?? nameOrId, () =>
    ctx.db.$transaction(async (tx) => {
      await change.write(tx, await lockTarget(tx, id));
      await publish(tx, { topic: "targets" });
    }),
  );
  return getTarget(ctx, id);
}
