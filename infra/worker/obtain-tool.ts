import type { Obtaining, Tool } from "#infra/tools/tool.ts";
import type { WorkerContext } from "#infra/worker/context.ts";
import { recordTool, type ToolName, type ToolReport } from "#lib/tools/record-tool.ts";

const retryMs = 60_000;
/** Progress is told at most this often. */
const tellMs = 500;
/** How often is looked whether it is needed by now. */
const lookMs = 2_000;

/**
 * Gets a tool, telling its progress in the tool's row, and tries again after a failure. Operations wait in the queue
 * until it is there.
 *
 * @param options.isNeeded it is left alone until this says so
 */
export function obtainTool(
  ctx: Pick<WorkerContext, "db" | "clock" | "log">,
  name: ToolName,
  options: {
    cache: string;
    signal: AbortSignal;
    isNeeded?(): Promise<boolean>;
    obtain(how: Obtaining): Promise<Tool>;
  },
): { current(): Tool | null } {
  const { cache, signal, obtain, isNeeded = () => Promise.resolve(true) } = options;
  let tool: Tool | null = null;
  let written: Promise<void> = Promise.resolve();
  let toldAt = -Infinity;

  const write = (report: ToolReport) => {
    written = written
      .then(() => recordTool(ctx, name, report))
      .catch((error: unknown) =>
        ctx.log.warn({ err: error, tool: name }, "the tool's progress wasn't written"),
      );
    return written;
  };
  const onProgress = (step: string, progress: number | null) => {
    if (performance.now() - toldAt < tellMs) return;
    toldAt = performance.now();
    void write({ status: "obtaining", step, progress });
  };

  const run = async () => {
    // A database that is away is asked again.
    while (!signal.aborted && !(await isNeeded().catch(() => false))) await pause(lookMs, signal);
    while (!signal.aborted && !tool) {
      try {
        tool = await obtain({ cache, signal, onProgress });
        const { version, source, path } = tool;
        ctx.log.info({ tool: name, version, source, path }, "the tool is there");
        // Whose it is shows in where it was found.
        await write({ status: "ready", version, source, ...(source === "path" && { message: path }) });
      } catch (error) {
        if (signal.aborted) return;
        ctx.log.error({ err: error, tool: name }, "the tool can't be had");
        await write({ status: "failed", message: error instanceof Error ? error.message : String(error) });
        await pause(retryMs, signal);
      }
    }
  };
  void run();
  return { current: () => tool };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
}
