import { areaPath, linePath, niceCeiling, place } from "#components/charts/geometry.ts";
import { formatRate } from "#components/ui/format.ts";

const box = { width: 88, height: 24, padTop: 2 };

/** The last five minutes at a glance; its sentence says what the line shows. */
export function Sparkline({ values, name }: { values: readonly number[]; name: string }) {
  const highest = Math.max(0, ...values);
  const said =
    highest === 0
      ? "No requests in the last 5 minutes."
      : `Requests per second over the last 5 minutes: now ${formatRate(values.at(-1) ?? 0)}, highest ${formatRate(highest)}.`;
  const points = place(values, niceCeiling(highest), box);
  return (
    <span
      role="img"
      aria-label={`${name}: ${said}`}
      title={said}
      tabIndex={0}
      className="inline-block rounded-sm"
    >
      <svg width={box.width} height={box.height} viewBox={`0 0 ${box.width} ${box.height}`} aria-hidden>
        {highest > 0 && <path d={areaPath(points, box.height)} className="fill-accent-soft" />}
        <path
          d={highest > 0 ? linePath(points) : `M0 ${box.height - 1}H${box.width}`}
          fill="none"
          strokeWidth={1.5}
          strokeLinejoin="round"
          className={highest > 0 ? "stroke-accent" : "stroke-line"}
        />
      </svg>
    </span>
  );
}
