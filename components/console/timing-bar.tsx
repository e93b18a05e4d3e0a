import { timeSplit, type TimingPart } from "#components/console/call.ts";
import { formatLatency } from "#components/ui/format.ts";
import { cx } from "#components/ui/class-names.ts";

type Looks = Record<string, { word: string; tone: string }>;

const before: Looks = {
  queue: { word: "Queue", tone: "bg-warn" },
  connect: { word: "Connect", tone: "bg-edge" },
};
const whole: Looks = {
  ...before,
  response: { word: "Model", tone: "bg-accent" },
  // By the portal's own clock: what the load balancer didn't measure.
  transfer: { word: "Portal and transfer", tone: "bg-busy" },
};
// A stream's answer begins before the model has worked: what takes the time is what comes after.
const streaming: Looks = {
  ...before,
  response: { word: "Until it began", tone: "bg-busy" },
  transfer: { word: "Model, streaming", tone: "bg-accent" },
};

/** Where a call's time went. */
export function TimingBar({
  timing,
  totalMs,
  streamed,
}: {
  timing: readonly TimingPart[];
  totalMs: number;
  streamed: boolean;
}) {
  const parts = timeSplit(timing, totalMs);
  if (parts.length === 0) return null;
  const looks = streamed ? streaming : whole;
  const tone = (name: string) => looks[name]?.tone ?? "bg-edge";
  const sum = Math.max(
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
            className={cx("min-w-px", tone(part.name))}
            style={{ width: `${(part.ms / sum) * 100}%` }}
          />
        ))}
      </div>
      <dl className="mt-2 flex flex-wrap gap-x-6 gap-y-1 text-small">
        {parts.map((part) => (
          <div key={part.name} className="flex items-center gap-1.5">
            <dt className="flex items-center gap-1.5 text-muted">
              <span aria-hidden className={cx("size-2 rounded-[2px]", tone(part.name))} />
              {looks[part.name]?.word ?? part.name}
            </dt>
            <dd className="figures font-medium">{formatLatency(part.ms)}</dd>
          </div>
        ))}
      </dl>
    </figure>
  );
}
