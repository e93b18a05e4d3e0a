import path from "node:path";
import { obtainKubernetesPlugin } from "#infra/tools/obtain-kubernetes-plugin.ts";
import { obtainPulumi } from "#infra/tools/obtain-pulumi.ts";
import type { WorkerContext } from "#infra/worker/context.ts";
import type { Engine, Reached } from "#infra/worker/loop.ts";
import { obtainTool } from "#infra/worker/obtain-tool.ts";

const untilThere = "The targets page shows how far that is. It begins by itself once that is there.";

/** Gets the engine and, once a cluster is registered, its plugin for clusters; says which targets can be worked on. */
export function obtainEngine(
  ctx: Pick<WorkerContext, "db" | "clock" | "log">,
  { cache, searchPath, signal }: { cache: string; searchPath: string; signal: AbortSignal },
): { engine(): Engine | null; targets: Reached[] } {
  const pulumi = obtainTool(ctx, "pulumi", {
    cache,
    signal,
    obtain: (how) => obtainPulumi({ ...how, searchPath }),
  });
  const plugin = obtainTool(ctx, "pulumi-kubernetes", {
    cache,
    signal,
    isNeeded: async () =>
      pulumi.current() !== null && (await ctx.db.target.count({ where: { removedAt: null } })) > 0,
    obtain: (how) => obtainKubernetesPlugin({ ...how, searchPath, engine: pulumi.current()!.path }),
  });
  const waitsForEngine = () => (pulumi.current() ? null : `It waits for the engine. ${untilThere}`);
  const waitsForPlugin = () =>
    plugin.current() ? null : `It waits for the engine's plugin for Kubernetes. ${untilThere}`;
  return {
    engine() {
      const [tool, extra] = [pulumi.current(), plugin.current()];
      return tool && { ...tool, pluginFolders: extra ? [path.dirname(extra.path)] : [] };
    },
    targets: [
      { name: "local", waitsFor: waitsForEngine },
      { name: "kubernetes", waitsFor: () => waitsForEngine() ?? waitsForPlugin() },
    ],
  };
}
