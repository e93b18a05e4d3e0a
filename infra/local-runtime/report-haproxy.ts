import type { Clock } from "#lib/clock.ts";
import type { Db } from "#lib/db.ts";
import { recordTool, type ToolReport } from "#lib/tools/record-tool.ts";
import type { ObtainedHaproxy } from "#infra/local-runtime/options.ts";

type OnProgress = (step: string, fraction: number | null) => void;

/**
 * Writes to the tool's row how obtaining HAProxy goes. The database may be away: then the newest report is tried
 * again until it is written.
 */
export function reportHaproxy(ctx: { db: Db; clock: Clock }) {
  let newest: ToolReport = { status: "obtaining", step: "Looking for HAProxy" };
  let written: ToolReport | null = null;
  let writing = false;

  const write = async () => {
    if (writing) return;
    writing = true;
    while (written !== newest) {
      const report = newest;
      try {
        await recordTool(ctx, "haproxy", report);
        written = report;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 1_000).unref());
      }
    }
    writing = false;
  };
  const say = (report: ToolReport) => {
    newest = report;
    void write();
  };

  return {
    async during(obtain: (onProgress: OnProgress) => Promise<ObtainedHaproxy>): Promise<ObtainedHaproxy> {
      say(newest);
      try {
        const tool = await obtain((step, progress) => say({ status: "obtaining", step, progress }));
        say({ status: "ready", version: tool.version, source: tool.source });
        return tool;
      } catch (error) {
        say({ status: "failed", message: error instanceof Error ? error.message : String(error) });
        throw error;
      }
    },
  };
}
