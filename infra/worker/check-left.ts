import type { Inventory } from "#infra/local-runtime/protocol.ts";
import { runtimeClient } from "#infra/local-runtime/provider/runtime-client.ts";
import { clearStackState } from "#infra/postgres/stack-fence.ts";
import type { Job } from "#infra/runner/messages.ts";
import type { WorkerContext } from "#infra/worker/context.ts";
import { writeReceipt } from "#infra/worker/receipt.ts";
import type { Begun } from "#lib/operations/begin.ts";
import type { Receipt } from "#lib/deployments/view.ts";

/** After a tear-down: looks for whatever is still there, beginning with what the engine itself leaves. */
export async function checkWhatIsLeft(ctx: WorkerContext, begun: Begun, job: Job): Promise<Receipt> {
  const { deploymentId, fence } = begun;
  await clearStackState(ctx.statePortalUrl, deploymentId, fence);
  // A second look: what the first one cleared is gone now, or it can't be cleared.
  const stateRows = await clearStackState(ctx.statePortalUrl, deploymentId, fence);
  const runtime = runtimeClient({ socketPath: job.runtimeSocket, fence });
  const inventory = (await runtime.send("GET", `/deployments/${deploymentId}`)) as Inventory;
  return writeReceipt(ctx.db, deploymentId, { inventory, stateRows, folder: job.folder }, ctx.clock.now());
}
