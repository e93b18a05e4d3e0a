import { clearStackState } from "#infra/postgres/stack-fence.ts";
import type { Job } from "#infra/runner/messages.ts";
import { projectRemaining } from "#infra/targets/gke/remaining.ts";
import { kubernetesRemaining } from "#infra/targets/kubernetes/inventory.ts";
import { localRemaining } from "#infra/targets/local/inventory.ts";
import type { WorkerContext } from "#infra/worker/context.ts";
import type { Prepared } from "#infra/worker/prepare-job.ts";
import { writeReceipt } from "#infra/worker/receipt.ts";
import type { Begun } from "#lib/operations/begin.ts";
import type { Receipt } from "#lib/deployments/view.ts";

/** After a tear-down: looks for whatever is still there, beginning with what the engine itself leaves. */
export async function checkWhatIsLeft(
  ctx: WorkerContext,
  begun: Begun,
  { job, stood }: Prepared,
): Promise<Receipt> {
  const { deploymentId, fence } = begun;
  await clearStackState(ctx.statePortalUrl, deploymentId, fence);
  // A second look: what the first one cleared is gone now, or it can't be cleared.
  const stateRows = await clearStackState(ctx.statePortalUrl, deploymentId, fence);
  const inTarget = await remainingIn(job);
  const found = { inTarget, stateRows, folder: job.folder };
  return writeReceipt(ctx.db, deploymentId, found, stood, ctx.clock.now());
}

function remainingIn({ target, deploymentId, fence }: Job): Promise<Receipt["remaining"]> {
  switch (target.kind) {
    case "local":
      return localRemaining(target, deploymentId, fence);
    case "kubernetes":
      return kubernetesRemaining(target, deploymentId);
    case "gke":
      return projectRemaining(target, deploymentId);
  }
}
