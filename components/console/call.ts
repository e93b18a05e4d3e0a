import { readEventStream, type StreamedEvent } from "#components/console/event-stream.ts";
import { apiRoutes } from "#lib/routes.ts";

/** What is sent: never an address, only what comes after a deployment's own. */
export type Call = {
  method: string;
  path: string;
  headers: Record<string, string>;
  contentType: string;
  body?: string;
  bodyBase64?: string;
};

export type TimingPart = { name: string; ms: number };

export type Outcome =
  | {
      kind: "answer";
      status: number;
      headers: Record<string, string>;
      replica: string | null;
      requestId: string | null;
      body: { text: string } | { base64: string };
      truncated: boolean;
      totalMs: number;
      timing: TimingPart[];
    }
  | {
      kind: "stream";
      status: number;
      replica: string | null;
      requestId: string | null;
      events: StreamedEvent[];
      open: boolean;
      totalMs: number;
      timing: TimingPart[];
    }
  /** the portal refused it, or nothing answered */
  | { kind: "refused"; message: string; fields: { field: string; message: string }[] };

/**
 * Sends a call through the portal and tells of the outcome as it grows: once for a whole answer, after each
 * event for a streamed one.
 */
export async function sendCall(
  deploymentId: string,
  call: Call,
  signal: AbortSignal,
  tell: (outcome: Outcome) => void,
): Promise<void> {
  const startedAt = performance.now();
  let response: Response;
  try {
    response = await fetch(apiRoutes.call(deploymentId), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(call),
      signal,
    });
  } catch {
    return tell(
      refused(signal.aborted ? "You stopped it before it answered." : "The portal didn’t answer. Try again."),
    );
  }
  if (response.headers.get("content-type")?.startsWith("text/event-stream")) {
    return followStream(response, startedAt, signal, tell);
  }
  const said = (await response.json().catch(() => null)) as Record<string, unknown> | null;
  if (response.ok && said)
    return tell({ kind: "answer", ...(said as Omit<Extract<Outcome, { kind: "answer" }>, "kind">) });
  tell({
    kind: "refused",
    message: String(said?.detail ?? said?.title ?? `The portal answered ${response.status}.`),
    fields: (said?.errors ?? []) as { field: string; message: string }[],
  });
}

async function followStream(
  response: Response,
  startedAt: number,
  signal: AbortSignal,
  tell: (outcome: Outcome) => void,
): Promise<void> {
  const events: StreamedEvent[] = [];
  const outcome = (open: boolean): Outcome => ({
    kind: "stream",
    status: Number(response.headers.get("x-sluice-status") ?? response.status),
    replica: response.headers.get("x-sluice-replica"),
    requestId: response.headers.get("x-request-id"),
    events: [...events],
    open,
    totalMs: performance.now() - startedAt,
    timing: [],
  });
  tell(outcome(true));
  try {
    for await (const event of readEventStream(response)) {
      events.push({ ...event, afterMs: performance.now() - startedAt });
      tell(outcome(true));
    }
  } catch {
    if (!signal.aborted)
      events.push({ name: "error", data: "The stream broke off.", afterMs: performance.now() - startedAt });
  }
  tell(outcome(false));
}

function refused(message: string): Outcome {
  return { kind: "refused", message, fields: [] };
}

/** Lines `name: value` as headers. @returns the lines that aren't */
export function readHeaders(text: string): { headers: Record<string, string>; bad: string[] } {
  const headers: Record<string, string> = {};
  const bad: string[] = [];
  for (const line of text.split("\n").map((each) => each.trim())) {
    if (line === "") continue;
    const [, name, value] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*:\s*(.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) bad.push(line);
    else headers[name] = value;
  }
  return { headers, bad };
}

/**
 * The parts of a call's time: what the load balancer measured, and what is left of the whole: the portal's own work and
 * the ways between, or, of a streamed answer, the model's work with them.
 */
export function timeSplit(timing: readonly TimingPart[], totalMs: number): TimingPart[] {
  const measured = timing.filter((part) => part.ms >= 0);
  const rest = totalMs - measured.reduce((sum, part) => sum + part.ms, 0);
  return measured.length === 0 ? [] : [...measured, { name: "transfer", ms: Math.max(0, rest) }];
}
