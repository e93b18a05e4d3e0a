import { cx } from "#components/ui/class-names.ts";

type Props = { value: number; label: string; tone?: "accent" | "ok" | "bad"; text?: string };

/** How far something is, 0 to 1. */
export function ProgressBar({ value, label, tone = "accent", text }: Props) {
  const percent = Math.round(Math.min(1, Math.max(0, value)) * 1000) / 10;
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(percent)}
      aria-valuetext={text}
      className="h-1.5 overflow-hidden rounded-sm bg-line"
    >
      <div
        className={cx(
          "h-full rounded-sm transition-[width] duration-300 ease-linear",
          tone === "accent" && "bg-accent",
          tone === "ok" && "bg-ok",
          tone === "bad" && "bg-bad",
        )}
        style={{ width: `${percent}%` }}
      />
    </div>
  );
}
