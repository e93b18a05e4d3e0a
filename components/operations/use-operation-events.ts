"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import { useFeed } from "#components/live/feed-provider.tsx";
import { appendEvents } from "#components/operations/timeline.ts";
import type { RecordedEvent } from "#lib/operations/events.ts";
import { apiRoutes } from "#lib/routes.ts";

const LOOK_AGAIN_MS = 5_000;
const AFTER_FAILURE_MS = 2_000;

/**
 * An operation's events, kept up to date: each hint brings the rows after the last one that is here, so that
 * neither a reload nor a lost connection leaves a gap or a repeat. Asks by a timer as well, for a hint may be lost.
 */
export function useOperationEvents(
  operationId: string,
  initial: readonly RecordedEvent[],
): readonly RecordedEvent[] {
  const [events, setEvents] = useState<readonly RecordedEvent[]>(initial);
  const have = useRef(events);
  const reading = useRef(false);
  const again = useRef(false);
  const gone = useRef(false);
  const ended = events.at(-1)?.kind === "ended";

  const read = useCallback(async (): Promise<void> => {
    if (reading.current) {
      again.current = true;
      return;
    }
    reading.current = true;
    try {
      do {
        again.current = false;
        const page = await readEvents(operationId, have.current.at(-1)?.seq ?? 0);
        const next = appendEvents(have.current, page);
        if (next === have.current) continue;
        have.current = next;
        again.current = true;
        setEvents(next);
      } while (again.current);
    } catch {
      // The portal or its database is away for a moment; the banner says so.
      setTimeout(() => gone.current || void read(), AFTER_FAILURE_MS);
    } finally {
      reading.current = false;
    }
  }, [operationId]);

  useEffect(() => {
    gone.current = false;
    return () => {
      gone.current = true;
    };
  }, []);
  useFeed((message) => {
    if (message.kind === "gap") void read();
    if (message.kind !== "change" || message.change.topic !== "operation") return;
    const { operationId: changed, seq } = message.change;
    if (changed === operationId && seq > (have.current.at(-1)?.seq ?? 0)) void read();
  });
  useEffect(() => {
    if (ended) return;
    void read();
    const timer = setInterval(() => void read(), LOOK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [ended, read]);
  return events;
}

async function readEvents(operationId: string, after: number): Promise<RecordedEvent[]> {
  const response = await fetch(apiRoutes.events(operationId, after), {
    headers: { accept: "application/json" },
    cache: "no-store",
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) throw new Error(`The portal answered ${response.status}.`);
  return ((await response.json()) as { items: RecordedEvent[] }).items;
}
