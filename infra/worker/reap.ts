import { endEngineProcesses, endProcess } from "#infra/engine/recovery.ts";
import { aftermathOf } from "#infra/worker/aftermath.ts";
import type { WorkerContext } from "#infra/worker/context.ts";
import { interrupted } from "#infra/worker/outcome.ts";
import { recover } from "#lib/operations/recover.ts";

/**
 * Ends operations whose worker is gone: first what still runs of them, then the row. On another machine nothing
 * can be ended, but there the fence refuses whatever a late engine still sends.
 *
 * @param own operations of this worker, which it knows more about than their rows
 * @returns the ids of what was ended
 */
export function reap(ctx: WorkerContext, own: string[]): Promise<string[]> {
  return recover(ctx.db, {
    clock: ctx.clock,
    except: own,
    async settle(stale) {
      if (stale.host === ctx.host) {
        if (stale.runnerPid !== null) endProcess(stale.runnerPid, stale.runnerStartedAt);
        await endEngineProcesses(stale.operationId);
      }
      ctx.log.warn(
        { operation: stale.operationId, worker: stale.workerId },
        "a worker stopped beating: interrupted",
      );
      return interrupted(await aftermathOf(ctx, stale, null));
    },
    onFailed: ({ operationId }, error) =>
      ctx.log.error({ err: error, operation: operationId }, "what a worker left couldn't be ended"),
  });
}
