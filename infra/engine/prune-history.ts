import { onDatabase } from "#infra/postgres/connect.ts";

/**
 * Deletes the engine's own history of a stack: two rows an update, each with all of its settings, which nothing
 * reads and nothing else ever deletes. What was done is told by the operations' events.
 *
 * @param fence refused if it isn't the stack's newest any more
 */
export async function pruneHistory(statePortalUrl: string, stack: string, fence: number): Promise<void> {
  await onDatabase(statePortalUrl, async (client) => {
    await client.query("select set_config('sluice.fence', $1, false)", [String(fence)]);
    await client.query(
      String.raw`delete from pulumi_state where key ~ ('/\.pulumi/history/[^/]+/' || $1 || '/')`,
      [stack],
    );
  });
}
