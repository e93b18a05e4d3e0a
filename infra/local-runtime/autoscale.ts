import type { ModelServerCommand } from "#infra/local-runtime/protocol.ts";

/** Requests in flight for a variant at a moment: those worked on and those that wait. */
export type LoadPoint = { at: number; inFlight: number };

export type ScaleInput = {
  /** oldest first */
  points: LoadPoint[];
  /** milliseconds, as in the points */
  now: number;
  current: number;
  lastStepAt: number | null;
  scaling: ModelServerCommand["scaling"];
  /** milliseconds that a load must last before a step up, and before one down */
  windows: { up: number; down: number };
};

export type ScaleDecision = { to: number; reason: string };

/**
 * How many replicas there should be: as many as keep the requests in flight per replica at the target. Up by the
 * average of a few seconds; down only to what the highest load of a longer while needs, so that a pause between
 * two requests costs no replica.
 *
 * @returns `null` for no change
 */
export function decideScale(input: ScaleInput): ScaleDecision | null {
  const { current, scaling, windows } = input;
  if (scaling.metric === "none") return null;
  const recent = pointsOf(input, windows.up);
  if (recent) {
    const average = recent.reduce((sum, { inFlight }) => sum + inFlight, 0) / recent.length;
    const to = wanted(average, scaling);
    if (to > current) return decision(input, to, perReplica(average, current), "on average over", windows.up);
  }
  const longer = pointsOf(input, windows.down);
  if (longer) {
    const highest = Math.max(...longer.map(({ inFlight }) => inFlight));
    const to = wanted(highest, scaling);
    if (to < current)
      return decision(input, to, `at most ${perReplica(highest, current)}`, "for", windows.down);
  }
  return null;
}

/** Drops what no window needs any more. */
export function recentPoints(points: LoadPoint[], now: number, windows: ScaleInput["windows"]): LoadPoint[] {
  const keep = Math.max(windows.up, windows.down) * 2;
  return points.filter(({ at }) => at > now - keep);
}

/** The points of the last `window` ms; `null` unless they cover it and no step was made in it. */
function pointsOf({ points, now, lastStepAt }: ScaleInput, window: number): LoadPoint[] | null {
  const since = now - window;
  if (lastStepAt !== null && lastStepAt > since) return null;
  const [first] = points;
  if (!first || first.at > since) return null;
  const inWindow = points.filter(({ at }) => at > since);
  return inWindow.length === 0 ? null : inWindow;
}

function wanted(
  inFlight: number,
  { minReplicas, maxReplicas, targetInFlight }: ScaleInput["scaling"],
): number {
  return Math.min(Math.max(Math.ceil(inFlight / targetInFlight), minReplicas), maxReplicas);
}

function perReplica(inFlight: number, replicas: number): string {
  const figure = inFlight / Math.max(replicas, 1);
  return `${Number(figure.toFixed(1))}`;
}

function decision(
  { current, scaling }: ScaleInput,
  to: number,
  figure: string,
  how: string,
  windowMs: number,
): ScaleDecision {
  const seconds = Number((windowMs / 1000).toFixed(1));
  const limit = to > current && to === scaling.maxReplicas ? ` That is the most it may have.` : "";
  return {
    to,
    reason: `${current} → ${to}: ${figure} requests in flight per replica, target ${scaling.targetInFlight}, ${how} ${seconds} s.${limit}`,
  };
}
