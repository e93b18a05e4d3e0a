"use client";

import { useEffect, useRef, useState } from "react";
import { useFeed } from "#components/live/feed-provider.tsx";
import { followEvents, Refused, type Following } from "#components/operations/follow-events.ts";
import type { RecordedEvent } from "#lib/operations/events.ts";
import { apiRoutes } from "#lib/routes.ts";

/**
 * An operation's events, kept up to date: each hint brings the rows after the last one that is here, so that
 * neither a reload nor a lost connection leaves a gap or a repeat.
 */
export function useOperationEvents(
  operationId: string,
  initial: readonly RecordedEvent[],
): readonly RecordedEvent[] {
  const [events, setEvents] = useState<readonly RecordedEvent[]>(initial);
  const have = useRef(events);
  const following = useRef<Following | null>(null);

  useEffect(() => {
    const started = followEvents({
      have: have.current,
      read: (after) => readEvents(operationId, after),
      onEvents(more) {
        have.current = more;
        setEvents(more);
      },
    });
    following.current = started;
    return () => started.stop();
  }, [operationId]);
  useFeed((message) => {
    if (message.kind === "gap") following.current?.look();
    if (message.kind !== "change" || message.change.topic !== "operation") return;
    const { operationId: changed, seq } = message.change;
    if (changed === operationId && seq > (have.current.at(-1)?.seq ?? 0)) following.current?.look();
  });
  return events;
}

async function readEvents(operationId: string, after: number): Promise<RecordedEvent[]> {
  const response = await fetch(apiRoutes.events(operationId, after), {
    headers: { accept: "application/json" },
    cache: "no-store",
    signal: AbortSignal.timeout(10_000),
  });
  const { status } = response;
  if (status === 401 || status === 404) throw new Refused(`The portal answered ${status}.`);
  if (!response.ok) throw new Error(`The portal answered ${status}.`);
  return ((await response.json()) as { items: RecordedEvent[] }).items;
}
