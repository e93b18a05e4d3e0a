import { cx } from "#components/ui/class-names.ts";

/** A grey bar in the place of what is still being read. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={cx("animate-pulse rounded-md bg-sunken", className)} />;
}

/** The place of a whole page that is still being read; said once, aloud. */
export function SkeletonPage({ rows = 6 }: { rows?: number }) {
  return (
    <div role="status">
      <span className="sr-only">Loading</span>
      <Skeleton className="h-9 w-56 max-sm:h-11" />
      <div className="mt-6 flex flex-col gap-3 rounded-lg border bg-surface p-4">
        {Array.from({ length: rows }, (_, row) => (
          <Skeleton key={row} className="h-8" />
        ))}
      </div>
    </div>
  );
}
