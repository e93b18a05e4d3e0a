export type Box = { width: number; height: number; padTop: number };

/** A round number at or above `highest`, so that a scale ends on something readable. */
export function niceCeiling(highest: number): number {
  if (!(highest > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(highest));
  for (const step of [1, 1.5, 2, 3, 4, 5, 6, 8, 10]) {
    if (highest <= step * power * (1 + 1e-9)) return step * power;
  }
  return 10 * power;
}

/** Where each value lies: evenly across, from the ground (0) up to `ceiling`. */
export function place(
  values: readonly (number | null)[],
  ceiling: number,
  box: Box,
): ([number, number] | null)[] {
  const step = values.length > 1 ? box.width / (values.length - 1) : 0;
  const tall = box.height - box.padTop;
  return values.map((value, index) =>
    value === null ? null : [index * step, box.height - (Math.min(value, ceiling) / ceiling) * tall],
  );
}

/** The values without the stretches at zero, where a line would only cover another one or the ground. */
export function aboveGround(values: readonly (number | null)[]): (number | null)[] {
  const rises = (index: number) => (values[index] ?? 0) > 0;
  return values.map((value, index) => (rises(index - 1) || rises(index) || rises(index + 1) ? value : null));
}

/** An SVG path through the points; a missing one leaves a gap, and one between two gaps draws nothing (dotsPath). */
export function linePath(points: readonly ([number, number] | null)[]): string {
  let pen = false;
  return points
    .map((point, index) => {
      const command =
        point && !isAlone(points, index) && `${pen ? "L" : "M"}${round(point[0])} ${round(point[1])}`;
      pen = point !== null;
      return command;
    })
    .filter(Boolean)
    .join("");
}

/** An SVG path of a dot (with round caps) for each point between two gaps: a line has to have two ends. */
export function dotsPath(points: readonly ([number, number] | null)[]): string {
  return points
    .map((point, index) => point && isAlone(points, index) && `M${round(point[0])} ${round(point[1])}h0`)
    .filter(Boolean)
    .join("");
}

function isAlone(points: readonly unknown[], index: number): boolean {
  return !points[index - 1] && !points[index + 1];
}

/** The same line, closed along the ground: one area for each stretch without a gap. */
export function areaPath(points: readonly ([number, number] | null)[], ground: number): string {
  const stretches: [number, number][][] = [[]];
  for (const point of points) {
    if (point) stretches.at(-1)?.push(point);
    else stretches.push([]);
  }
  return stretches
    .map((stretch) => {
      const first = stretch[0];
      const last = stretch.at(-1);
      if (!first || !last || stretch.length < 2) return "";
      return `${linePath(stretch)}L${round(last[0])} ${ground}L${round(first[0])} ${ground}Z`;
    })
    .join("");
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
