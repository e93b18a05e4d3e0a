import type { ToolView } from "#lib/targets/list-tools.ts";

/** The engine's plugin for clusters, not looked for yet. */
export function toolForTest(change: Partial<ToolView>): ToolView {
  const nothing = { version: null, source: null, step: null, progress: null, message: null, updatedAt: null };
  return { name: "pulumi-kubernetes", status: "missing", ...nothing, ...change };
}
