"use client";

import { useEffect, useRef } from "react";
import type { TimingPart } from "#components/console/call.ts";
import type { PastCall } from "#components/console/call-history.tsx";
import type { RequestView } from "#lib/traffic/list-requests.ts";
import { apiRoutes } from "#lib/routes.ts";

const TRIES = 5;
const BETWEEN_MS = 700;

/**
 * A streamed answer's headers leave before its time is known, so its split is read from the load balancer's own
 * log, which has it about a second after the end.
 */
export function useRequestTiming(
  deploymentId: string,
  call: PastCall | undefined,
  found: (id: number, timing: TimingPart[]) => void,
): void {
  const outcome = call?.outcome;
  const wanted =
    outcome?.kind === "stream" && !outcome.open && outcome.timing.length === 0 ? outcome.requestId : null;
  const latest = useRef(found);
  useEffect(() => {
    latest.current = found;
  });
  const id = call?.id;
  useEffect(() => {
    if (!wanted || id === undefined) return;
    let tries = 0;
    let timer: ReturnType<typeof setTimeout>;
    const look = async () => {
      const request = await readRequest(deploymentId, wanted);
      if (request) latest.current(id, split(request));
      else if (++tries < TRIES) timer = setTimeout(() => void look(), BETWEEN_MS);
    };
    timer = setTimeout(() => void look(), BETWEEN_MS);
    return () => clearTimeout(timer);
  }, [deploymentId, wanted, id]);
}

async function readRequest(deploymentId: string, requestId: string): Promise<RequestView | undefined> {
  try {
    const response = await fetch(apiRoutes.requests(deploymentId), { cache: "no-store" });
    const { items } = (await response.json()) as { items?: RequestView[] };
    return items?.find((item) => item.id === requestId);
  } catch {
    return undefined;
  }
}

function split(request: RequestView): TimingPart[] {
  return [
    { name: "queue", ms: request.queueMs },
    { name: "connect", ms: request.connectMs },
    { name: "response", ms: request.responseMs },
  ];
}
