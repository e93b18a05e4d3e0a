import type { ReactNode } from "react";
import { cx } from "#components/ui/class-names.ts";

/**
 * What will be made, beside the form, and the button that makes it. On a wide screen both are always in sight: a
 * plan or a preview that is longer than the screen scrolls by itself, by keyboard too.
 */
export function PlanColumn(props: { plan: ReactNode; preview?: ReactNode; button: ReactNode }) {
  const { plan, preview, button } = props;
  const hasPreview = Boolean(preview);
  return (
    <div className="flex min-w-0 flex-col gap-4 lg:sticky lg:top-8 lg:max-h-[calc(100dvh-8rem)]">
      <div
        tabIndex={0}
        role="group"
        aria-label="Plan, scrollable"
        className={cx("more-below rounded-lg lg:overflow-y-auto", hasPreview && "lg:min-h-40")}
      >
        {plan}
      </div>
      {/* The room around it is for the ring of what is focused in it, which the scrolling box would cut off. */}
      {hasPreview && (
        <div className="more-below -m-1 p-1 lg:max-h-[45dvh] lg:shrink-0 lg:overflow-y-auto">{preview}</div>
      )}
      <div className="shrink-0">{button}</div>
    </div>
  );
}
