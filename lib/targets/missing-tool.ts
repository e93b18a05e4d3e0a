import type { Db } from "#lib/db.ts";
import type { TargetName } from "#lib/deployments/spec.ts";
import { listTools, neededTools, type ToolView } from "#lib/targets/list-tools.ts";

/** What of the engine isn't there yet that a target's operations wait for; null: nothing. */
export async function missingTool(db: Db, kind: TargetName): Promise<ToolView | null> {
  const needed = neededTools[kind];
  const tools = await listTools(db);
  return tools.find(({ name, status }) => needed.includes(name) && status !== "ready") ?? null;
}
