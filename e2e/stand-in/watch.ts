import type { EngineEvent } from "#infra/engine/driver.ts";
import { resourceKey } from "#lib/targets/plan.ts";

/** A run that nobody stops, and what it changed. */
export function watch() {
  const events: EngineEvent[] = [];
  const run = {
    signal: new AbortController().signal,
    onEvent: (event: EngineEvent) => void events.push(event),
    onRegistered: () => {},
  };
  const changes = () =>
    Object.fromEntries(
      events.flatMap((event) =>
        event.kind === "resource_ended" ? [[resourceKey(event.resource), event.change]] : [],
      ),
    );
  return { run, changes };
}
