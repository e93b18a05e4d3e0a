import Link from "next/link";
import { Callout } from "#components/ui/callout.tsx";
import type { RecordedEvent } from "#lib/operations/events.ts";
import { routes } from "#lib/routes.ts";

/** What a queued operation waits for, if the worker said so: the engine that is still being obtained, say. */
export function WaitingNote({ events }: { events: readonly RecordedEvent[] }) {
  const said = events.findLast((event) => event.kind === "log" && event.source === "worker");
  if (said?.kind !== "log") return null;
  return (
    <Callout tone="busy" title="It is queued">
      {said.text}{" "}
      <Link href={routes.targets} className="text-accent underline">
        Open the targets page
      </Link>
    </Callout>
  );
}
