import type { WorkerContext } from "#infra/worker/context.ts";
import type { Engine } from "#infra/worker/loop.ts";
import { publish } from "#lib/changes/publish.ts";

export type ObtainedTool = { path: string; version: string; source: string };
export type ObtainTool = (options: {
  cache: string;
  signal: AbortSignal;
  onProgress(step: string, progress: number | null): void;
}) => Promise<ObtainedTool>;

const retryMs = 60_000;

/**
 * Gets the engine, telling its progress in the tool's row, and tries again after a failure. Operations wait in
 * the queue until it is there.
 */
export function obtainEngine(
  ctx: Pick<WorkerContext, "db" | "log">,
  options: { cache: string; signal: AbortSignal; obtain: ObtainTool },
): { current(): Engine | null } {
  const { cache, signal, obtain } = options;
  let engine: Engine | null = null;
  let written: Promise<void> = Promise.resolve();

  const write = (row: { status: string; version?: string; source?: string; step?: string; progress?: number | null; message?: string }) => {
    const whole = { version: null, source: null, step: null, progress: null, message: null, ...row };
    written = written
      .then(async () => {
        await ctx.db.tool.upsert({ where: { name: "pulumi" }, create: { name: "pulumi", ...whole }, update: whole });
        await publish(ctx.db, { topic: "tools" });
      })
      .catch((error: unknown) => ctx.log.warn({ err: error }, "the engine's progress wasn't written"));
    return written;
  };

  const run = async () => {
    while (!signal.aborted && !engine) {
      try {
        const onProgress = (step: string, progress: number | null) => void write({ status: "obtaining", step, progress });
        const { path, version, source } = await obtain({ cache, signal, onProgress });
        engine = { path, version };
        await write({ status: "ready", version, source });
      } catch (error) {
        if (signal.aborted) return;
        ctx.log.error({ err: error }, "the engine can't be had");
        await write({ status: "failed", message: error instanceof Error ? error.message : String(error) });
        await new Promise((resolve) => {
          const timer = setTimeout(resolve, retryMs);
          signal.addEventListener("abort", () => (clearTimeout(timer), resolve(null)), { once: true });
        });
      }
    }
  };
  void run();
  return { current: () => engine };
}
