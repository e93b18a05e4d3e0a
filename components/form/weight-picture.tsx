import { shares } from "#components/form/shares.ts";
import { cx } from "#components/ui/class-names.ts";

// One hue in steps; the names and figures stand beside it.
const tones = [
  "bg-accent",
  "bg-accent/60",
  "bg-accent/35",
  "bg-accent/80",
  "bg-accent/45",
  "bg-accent/25",
  "bg-accent/70",
  "bg-accent/15",
];

/** How the weights share out the requests that no rule takes. */
export function WeightPicture({
  variants,
}: {
  variants: readonly { name: string; weight: string | number }[];
}) {
  const parts = shares(variants.map((variant) => Number(variant.weight)));
  return (
    <figure>
      <figcaption className="mb-2 text-small text-faint">Share of the requests that no rule takes</figcaption>
      <div aria-hidden className="flex h-2 gap-px overflow-hidden rounded-sm bg-sunken">
        {parts.map((part, index) => (
          <span key={index} className={tones[index % tones.length]} style={{ width: `${part}%` }} />
        ))}
      </div>
      <ul className="mt-2 flex flex-wrap gap-x-4 gap-y-1 text-small">
        {variants.map((variant, index) => (
          <li key={index} className="flex items-center gap-1.5">
            <span aria-hidden className={cx("size-2 rounded-[2px]", tones[index % tones.length])} />
            {variant.name || "unnamed"}
            <span className="figures text-muted">{Math.round(parts[index] ?? 0)} %</span>
          </li>
        ))}
      </ul>
    </figure>
  );
}
