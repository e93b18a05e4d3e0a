import { cx } from "#components/ui/class-names.ts";

/** Replicas ready of those wanted, as figures and as small squares where they fit. */
export function ReplicaCount({ ready, desired }: { ready: number; desired: number }) {
  return (
    <span className="inline-flex items-center gap-2 whitespace-nowrap">
      <span className="figures">
        <span className={cx(ready < desired && "font-semibold text-warn")}>{ready}</span>
        <span aria-hidden className="text-faint">
          {" / "}
        </span>
        <span className="sr-only"> ready of </span>
        <span className="text-muted">{desired}</span>
      </span>
      {desired > 0 && desired <= 8 && (
        <span aria-hidden className="flex gap-0.5">
          {Array.from({ length: desired }, (_, index) => (
            <span
              key={index}
              className={cx("h-3 w-1.5 rounded-[2px]", index < ready ? "bg-ok" : "border border-edge/60")}
            />
          ))}
        </span>
      )}
    </span>
  );
}
