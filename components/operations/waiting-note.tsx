import Link from "next/link";
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

/** What a queued operation waits for: what the worker said, the engine that is still being obtained, say; else its turn. */
export function WaitingNote({ events, missing }: Props) {
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
