import Link from "next/link";
import { toolLack, toolTrouble } from "#components/targets/tool-words.ts";
import { Callout } from "#components/ui/callout.tsx";
import { ProgressBar } from "#components/ui/progress-bar.tsx";
import type { RecordedEvent } from "#lib/operations/events.ts";
import { routes } from "#lib/routes.ts";
import type { ToolView } from "#lib/targets/list-tools.ts";

type Props = {
  events: readonly RecordedEvent[];
  /** the engine, or its plugin, while it isn't there yet */
  missing: ToolView | null;
};

/**
 * What a queued operation waits for: what the worker said, the engine that is still being obtained, say; what keeps that
 * from being had; else its turn.
 */
export function WaitingNote({ events, missing }: Props) {
  if (missing?.status === "failed") return <Stuck missing={missing} />;
  const said = events.findLast((event) => event.kind === "log" && event.source === "worker");
  if (said?.kind !== "log" || !missing) {
    return <p className="text-muted">It begins as soon as its turn comes.</p>;
  }
  const { step, progress } = missing;
  return (
    <Callout tone="busy" title="It is queued">
      {said.text}{" "}
      <Link href={routes.targets} className="text-accent underline">
        Open the targets page
      </Link>
      {progress !== null && (
        <span className="mt-2 block max-w-md">
          <ProgressBar value={progress} label="How far the engine is" />
        </span>
      )}
      {step && (
        <span className="figures mt-1 block text-small text-faint">
          {step}
          {progress !== null && `, ${Math.round(progress * 100)} %`}
        </span>
      )}
    </Callout>
  );
}

/** Nothing goes on until somebody has mended it, so nothing is promised but that it is tried again. */
function Stuck({ missing }: { missing: ToolView }) {
  return (
    <Callout tone="bad" title={`It can’t begin: ${toolLack(missing)}`}>
      {toolTrouble(missing).todo} An admin must mend that. It is tried again every minute, and this begins by
      itself once it is there: wait for that, or cancel.{" "}
      <Link href={routes.targets} className="text-accent underline">
        Open the targets page
      </Link>
    </Callout>
  );
}
