import type { Obtaining, Tool } from "#infra/tools/tool.ts";
import type { WorkerContext } from "#infra/worker/context.ts";
import type { Engine } from "#infra/worker/loop.ts";
import { recordTool, type ToolReport } from "#lib/tools/record-tool.ts";

const retryMs = 60_000;
/** Progress is told at most this often. */
const tellMs = 500;

/**
 * Gets the engine, telling its progress in the tool's row, and tries again after a failure. Operations wait in
 * the queue until it is there.
 */
export function obtainEngine(
  ctx: Pick<WorkerContext, "db" | "clock" | "log">,
  options: { cache: string; signal: AbortSignal; obtain(how: Obtaining): Promise<Tool> },
): { current(): Engine | null } {
  const { cache, signal, obtain } = options;
  let engine: Engine | null = null;
  let written: Promise<void> = Promise.resolve();
  let toldAt = 0;

  const write = (report: ToolReport) => {
    written = written
      .then(() => recordTool(ctx, "pulumi", report))
      .catch((error: unknown) => ctx.log.warn({ err: error }, "the engine's progress wasn't written"));
    return written;
  };
  const onProgress = (step: string, progress: number | null) => {
    if (performance.now() - toldAt < tellMs) return;
    toldAt = performance.now();
    void write({ status: "obtaining", step, progress });
  };

  const run = async () => {
    while (!signal.aborted && !engine) {
      try {
        const { path, version, source } = await obtain({ cache, signal, onProgress });
        engine = { path, version };
        await write({ status: "ready", version, source });
      } catch (error) {
        if (signal.aborted) return;
        ctx.log.error({ err: error }, "the engine can't be had");
        await write({ status: "failed", message: error instanceof Error ? error.message : String(error) });
        await pause(retryMs, signal);
      }
    }
  };
  void run();
  return { current: () => engine };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
}
