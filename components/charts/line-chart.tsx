"use client";

import { useId, useRef, useState, type KeyboardEvent, type PointerEvent } from "react";
import { ChevronRight } from "lucide-react";
import {
  aboveGround,
  areaPath,
  dotsPath,
  linePath,
  niceCeiling,
  place,
} from "#components/charts/geometry.ts";
import { cx } from "#components/ui/class-names.ts";

export type Series = {
  name: string;
  values: readonly (number | null)[];
  tone: "accent" | "bad" | "warn" | "faint" | "ok";
};

type Props = {
  title: string;
  /** the time of each value, for a person */
  times: readonly string[];
  series: readonly Series[];
  format: (value: number) => string;
  /** what the newest values are of: `last 10 s` */
  newest: string;
};

const box = { width: 600, height: 120, padTop: 8 };

const strokes = {
  accent: "stroke-accent",
  bad: "stroke-bad",
  warn: "stroke-warn",
  faint: "stroke-faint",
  ok: "stroke-ok",
};
const fills = { accent: "bg-accent", bad: "bg-bad", warn: "bg-warn", faint: "bg-faint", ok: "bg-ok" };

/**
 * Lines over time. The pointer or the arrow keys choose a moment, whose figures are written and read out; the
 * same figures stand in a table beneath.
 */
export function LineChart({ title, times, series, format, newest }: Props) {
  const [at, setAt] = useState<number | null>(null);
  const frame = useRef<HTMLDivElement>(null);
  const id = useId();
  const last = times.length - 1;
  const ceiling = niceCeiling(
    Math.max(0, ...series.flatMap((line) => line.values.map((value) => value ?? 0))),
  );
  const shown = at ?? last;

  const point = (event: PointerEvent) => {
    const area = frame.current?.getBoundingClientRect();
    if (area && last > 0) setAt(clamp(Math.round(((event.clientX - area.left) / area.width) * last), last));
  };
  const key = (event: KeyboardEvent) => {
    const moves: Record<string, number> = { ArrowLeft: shown - 1, ArrowRight: shown + 1, Home: 0, End: last };
    const next = moves[event.key];
    if (next === undefined) return;
    event.preventDefault();
    setAt(clamp(next, last));
  };

  return (
    <figure className="min-w-0">
      <figcaption className="mb-2 flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <span id={id} className="font-medium">
          {title}
        </span>
        <Figures
          series={series}
          index={shown}
          time={times[shown]}
          format={format}
          chosen={at !== null}
          newest={newest}
        />
      </figcaption>
      <div
        ref={frame}
        role="slider"
        tabIndex={0}
        aria-labelledby={id}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, last)}
        aria-valuenow={Math.max(0, shown)}
        aria-valuetext={saidAt(series, shown, times[shown], format)}
        onPointerMove={point}
        onPointerLeave={() => setAt(null)}
        onKeyDown={key}
        onBlur={() => setAt(null)}
        className="relative rounded-sm"
      >
        <Lines series={series} ceiling={ceiling} marker={at === null || last <= 0 ? null : at / last} />
        <span
          aria-hidden
          className="figures absolute -top-1 left-0 rounded-sm bg-surface/85 pr-1 text-small text-faint"
        >
          {scaleWords(format(ceiling))}
        </span>
      </div>
      <div aria-hidden className="figures mt-1 flex justify-between text-small text-faint">
        <span>{times[0]}</span>
        <span>{times[last]}</span>
      </div>
      <FigureTable title={title} times={times} series={series} format={format} />
    </figure>
  );
}

function Lines({
  series,
  ceiling,
  marker,
}: {
  series: readonly Series[];
  ceiling: number;
  marker: number | null;
}) {
  return (
    <svg
      viewBox={`0 0 ${box.width} ${box.height}`}
      preserveAspectRatio="none"
      aria-hidden
      className="h-30 w-full overflow-visible"
    >
      {[0, 0.5, 1].map((level) => {
        const y = box.height - level * (box.height - box.padTop);
        return (
          <line
            key={level}
            x1={0}
            x2={box.width}
            y1={y}
            y2={y}
            className="stroke-line"
            strokeWidth={1}
            vectorEffect="non-scaling-stroke"
          />
        );
      })}
      {series.map((line, index) => {
        const points = place(index === 0 ? line.values : aboveGround(line.values), ceiling, box);
        return (
          <g key={line.name}>
            {index === 0 && <path d={areaPath(points, box.height)} className="fill-accent-soft" />}
            <path
              d={linePath(points)}
              fill="none"
              strokeWidth={2}
              strokeLinejoin="round"
              strokeLinecap="round"
              strokeDasharray={line.tone === "faint" ? "4 3" : undefined}
              vectorEffect="non-scaling-stroke"
              className={strokes[line.tone]}
            />
            <path
              d={dotsPath(points)}
              fill="none"
              strokeWidth={6}
              strokeLinecap="round"
              vectorEffect="non-scaling-stroke"
              className={strokes[line.tone]}
            />
          </g>
        );
      })}
      {marker !== null && (
        <line
          x1={marker * box.width}
          x2={marker * box.width}
          y1={0}
          y2={box.height}
          className="stroke-ink"
          strokeWidth={1}
          vectorEffect="non-scaling-stroke"
        />
      )}
    </svg>
  );
}

function Figures(props: {
  series: readonly Series[];
  index: number;
  time: string | undefined;
  format: (value: number) => string;
  chosen: boolean;
  newest: string;
}) {
  return (
    <span className="flex flex-wrap gap-x-4 text-small">
      <span className={cx("figures", props.chosen ? "text-ink" : "text-faint")}>
        {props.chosen ? props.time : props.newest}
      </span>
      {props.series.map((line) => (
        <span key={line.name} className="flex items-center gap-1.5">
          <span aria-hidden className={cx("h-0.5 w-3 rounded-sm", fills[line.tone])} />
          <span className="text-faint">{line.name}</span>
          <span className="figures font-medium">{valueWords(line.values[props.index], props.format)}</span>
        </span>
      ))}
    </span>
  );
}

function FigureTable({ title, times, series, format }: Omit<Props, "newest">) {
  return (
    <details className="group mt-1 text-small">
      <summary className="flex w-fit list-none items-center gap-1 rounded-sm text-faint hover:text-ink [&::-webkit-details-marker]:hidden">
        <ChevronRight aria-hidden className="size-3.5 shrink-0 transition-transform group-open:rotate-90" />
        Figures
      </summary>
      <div
        className="mt-1 max-h-48 overflow-auto rounded-md border"
        tabIndex={0}
        role="group"
        aria-label={`${title}, figures`}
      >
        <table className="w-full text-left">
          <thead className="sticky top-0 bg-sunken">
            <tr>
              <th scope="col" className="px-2 py-1 font-medium">
                Time
              </th>
              {series.map((line) => (
                <th key={line.name} scope="col" className="px-2 py-1 text-right font-medium">
                  {line.name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="figures">
            {newestFirst(times).map((row) => (
              <tr key={row} className="border-t">
                <td className="px-2 py-0.5 text-muted">{times[row]}</td>
                {series.map((line) => (
                  <td key={line.name} className="px-2 py-0.5 text-right">
                    {valueWords(line.values[row], format)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

/** The places of the values, from the last. */
function newestFirst(times: readonly string[]): number[] {
  return [...times.keys()].reverse();
}

/** A scale ends on a round number: `8 ms`, not `8.00 ms`. */
function scaleWords(formatted: string): string {
  return formatted.replace(/\.0+(?!\d)/, "");
}

function valueWords(value: number | null | undefined, format: (value: number) => string): string {
  return value === null || value === undefined ? "–" : format(value);
}

function saidAt(
  series: readonly Series[],
  index: number,
  time: string | undefined,
  format: (v: number) => string,
) {
  const figures = series.map((line) => `${line.name} ${valueWords(line.values[index], format)}`).join(", ");
  return `${time ?? "no time"}: ${figures}`;
}

function clamp(index: number, last: number): number {
  return Math.min(last, Math.max(0, index));
}
