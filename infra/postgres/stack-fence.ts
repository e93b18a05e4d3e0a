import { onDatabase } from "#infra/postgres/connect.ts";

/**
 * Makes `fence` the one that writes to a stack's state must carry, unless a newer one already is. Comes before
 * the engine's start; an older engine's next write is refused from then on.
 *
 * @param statePortalUrl the state database, as the role that owns the fences
 */
export async function raiseStackFence(statePortalUrl: string, stack: string, fence: number): Promise<void> {
  await onDatabase(statePortalUrl, (client) =>
    client.query(
      `insert into stack_fence (stack, fence) values ($1, $2)
       on conflict (stack) do update set fence = greatest(stack_fence.fence, excluded.fence)`,
      [stack, fence],
    ),
  );
}

/**
 * Deletes what the engine leaves behind of a removed stack (its `.bak` file, backups). The fence stays: it must
 * refuse a late engine of a destroyed deployment too.
 *
 * @param fence the deployment's current fence
 * @returns how many rows there were
 */
export async function clearStackState(statePortalUrl: string, stack: string, fence: number): Promise<number> {
  return onDatabase(statePortalUrl, async (client) => {
    await client.query("select set_config('sluice.fence', $1, false)", [String(fence)]);
    const { rowCount } = await client.query(
      `delete from pulumi_state where key ~ ('/\\.pulumi/(stacks|history|backups|locks/[^/]+)/[^/]+/' || $1 || '[./]')`,
      [stack],
    );
    return rowCount ?? 0;
  });
}
