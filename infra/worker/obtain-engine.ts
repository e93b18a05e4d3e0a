import path from "node:path";
import { obtainGooglePlugin } from "#infra/tools/obtain-google-plugin.ts";
import { obtainKubernetesPlugin } from "#infra/tools/obtain-kubernetes-plugin.ts";
import { obtainPulumi } from "#infra/tools/obtain-pulumi.ts";
import type { WorkerContext } from "#infra/worker/context.ts";
import type { Engine, Reached } from "#infra/worker/loop.ts";
import { obtainTool } from "#infra/worker/obtain-tool.ts";

const untilThere = "The targets page shows how far that is. It begins by itself once that is there.";

/**
 * Gets the engine and, once a cluster or a Google project is registered, its plugins for them; says which targets can be
 * worked on.
 */
export function obtainEngine(
  ctx: Pick<WorkerContext, "db" | "clock" | "log">,
  { cache, searchPath, signal }: { cache: string; searchPath: string; signal: AbortSignal },
): { engine(): Engine | null; targets: Reached[] } {
  const pulumi = obtainTool(ctx, "pulumi", {
    cache,
    signal,
    obtain: (how) => obtainPulumi({ ...how, searchPath }),
  });
  const isRegistered = async (kinds: string[]) =>
    pulumi.current() !== null &&
    (await ctx.db.target.count({ where: { removedAt: null, kind: { in: kinds } } })) > 0;
  const kubernetes = obtainTool(ctx, "pulumi-kubernetes", {
    cache,
    signal,
    // A deployment in a Google project is in a cluster as well.
    isNeeded: () => isRegistered(["kubernetes", "gke"]),
    obtain: (how) => obtainKubernetesPlugin({ ...how, searchPath, engine: pulumi.current()!.path }),
  });
  const google = obtainTool(ctx, "pulumi-gcp", {
    cache,
    signal,
    isNeeded: () => isRegistered(["gke"]),
    obtain: (how) => obtainGooglePlugin({ ...how, searchPath, engine: pulumi.current()!.path }),
  });
  const waitsFor = (tool: ReturnType<typeof obtainTool>, what: string) =>
    tool.current() ? null : `It waits for ${what}. ${untilThere}`;
  const forEngine = () => waitsFor(pulumi, "the engine");
  const forClusters = () => forEngine() ?? waitsFor(kubernetes, "the engine's plugin for Kubernetes");
  return {
    engine() {
      const tool = pulumi.current();
      const plugins = [kubernetes.current(), google.current()].filter((plugin) => plugin !== null);
      return tool && { ...tool, pluginFolders: plugins.map((plugin) => path.dirname(plugin.path)) };
    },
    targets: [
      { name: "local", waitsFor: forEngine },
      { name: "kubernetes", waitsFor: forClusters },
      {
        name: "gke",
        waitsFor: () => forClusters() ?? waitsFor(google, "the engine's plugin for Google Cloud"),
      },
    ],
  };
}
