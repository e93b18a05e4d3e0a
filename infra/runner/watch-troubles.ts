import type { EngineEvent } from "#infra/engine/driver.ts";
import type { RunnerTarget, Trouble } from "#infra/targets/target.ts";
import type { FailureCode } from "#lib/deployments/status.ts";
import type { OperationEvent } from "#lib/operations/events.ts";
import { resourceKey } from "#lib/targets/plan.ts";

const everyMs = 2_000;

/** A trouble that isn't seen for so long is over. A replica that ends again and again runs in between. */
const overAfterMs = 15_000;

/** How long waiting may help, in seconds, where that isn't a minute. */
const helpsFor: Partial<Record<FailureCode, number>> = {
  root_needed: 10,
  probe_failed: Infinity, // A model may take long to load.
  gateway_failed: 180,
};

/** How long a trouble is borne, in milliseconds. @param startSeconds the longest that any is */
function patienceMs(code: FailureCode, startSeconds: number): number {
  return Math.min(startSeconds, helpsFor[code] ?? 60) * 1000;
}

export type TroubleWatch = {
  /** aborted when waiting has no use any more */
  signal: AbortSignal;
  /** why it was aborted; null: it wasn't */
  verdict(): Trouble | null;
  /** Tells it what the engine is at: only what keeps a step under way is a reason to give up. */
  step(event: EngineEvent): void;
  stop(): void;
};

/**
 * Looks every two seconds what keeps things from being ready, and says each reason once. One that stays gives up the
 * wait for it. What can't be looked at now is looked at the next time.
 */
export function watchTroubles(
  troubles: NonNullable<RunnerTarget["troubles"]>,
  emit: (event: OperationEvent) => void,
  startSeconds: number,
): TroubleWatch {
  const said = new Set<string>();
  const underWay = new Set<string>();
  const seen = new Map<string, { since: number; last: number }>();
  const stopping = new AbortController();
  const givingUp = new AbortController();
  let verdict: Trouble | null = null;

  const say = ({ message, logLines }: Trouble) => {
    if (said.has(message)) return;
    said.add(message);
    emit({ kind: "log", level: "warning", source: "runtime", text: [message, ...logLines].join("\n") });
  };
  const keepsWaiting = (of: Trouble["of"]) =>
    of === null || (of.endsWith(":") ? [...underWay].some((key) => key.startsWith(of)) : underWay.has(of));
  const isTooLong = ({ code, of, mayPass }: Trouble, now: number) => {
    if (mayPass || !keepsWaiting(of)) return false;
    const key = `${code} ${of}`;
    const since = seen.get(key)?.since ?? now;
    seen.set(key, { since, last: now });
    return now - since >= patienceMs(code, startSeconds);
  };
  const look = async () => {
    const found = await troubles(stopping.signal).catch(() => []);
    if (stopping.signal.aborted) return;
    found.forEach(say);
    const now = performance.now();
    const final = found.filter((trouble) => isTooLong(trouble, now))[0];
    for (const [key, { last }] of seen) if (now - last > overAfterMs) seen.delete(key);
    if (!final) return;
    verdict = final;
    givingUp.abort();
    stopping.abort();
  };
  const watch = async () => {
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, everyMs));
      if (stopping.signal.aborted) return;
      await look();
    }
  };
  void watch();
  return {
    signal: givingUp.signal,
    verdict: () => verdict,
    step(event) {
      if (event.kind === "resource_started") underWay.add(resourceKey(event.resource));
      if (event.kind === "resource_ended") underWay.delete(resourceKey(event.resource));
    },
    stop: () => stopping.abort(),
  };
}
