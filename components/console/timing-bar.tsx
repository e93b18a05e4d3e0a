import { timeSplit, type TimingPart } from "#components/console/call.ts";
import { formatLatency } from "#components/ui/format.ts";
import { cx } from "#components/ui/class-names.ts";

const words: Record<string, string> = {
  queue: "Queue",
  connect: "Connect",
  response: "Model",
  transfer: "Transfer",
};
const tones: Record<string, string> = {
  queue: "bg-warn",
  connect: "bg-edge",
  response: "bg-accent",
  transfer: "bg-busy",
};

/** Where a call's time went. */
export function TimingBar({ timing, totalMs }: { timing: readonly TimingPart[]; totalMs: number }) {
  const parts = timeSplit(timing, totalMs);
  if (parts.length === 0) return null;
  const whole = Math.max(
    parts.reduce((sum, part) => sum + part.ms, 0),
    0.001,
  );
  return (
    <figure>
      <figcaption className="mb-1 text-small text-faint">Time split</figcaption>
      <div aria-hidden className="flex h-2.5 gap-px overflow-hidden rounded-sm bg-sunken">
        {parts.map((part) => (
          <span
            key={part.name}
            className={cx("min-w-px", tones[part.name] ?? "bg-edge")}
            style={{ width: `${(part.ms / whole) * 100}%` }}
          />
        ))}
      </div>
      <dl className="mt-2 flex flex-wrap gap-x-6 gap-y-1 text-small">
        {parts.map((part) => (
          <div key={part.name} className="flex items-center gap-1.5">
            <dt className="flex items-center gap-1.5 text-muted">
              <span aria-hidden className={cx("size-2 rounded-[2px]", tones[part.name] ?? "bg-edge")} />
              {words[part.name] ?? part.name}
            </dt>
            <dd className="figures font-medium">{formatLatency(part.ms)}</dd>
          </div>
        ))}
      </dl>
    </figure>
  );
}
