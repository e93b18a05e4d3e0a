import type { ReactNode } from "react";

/**
 * What will be made, beside the form, and the button that makes it. On a wide screen both are always in sight: a
 * plan or a preview that is longer than the screen scrolls by itself, by keyboard too.
 */
export function PlanColumn(props: { plan: ReactNode; preview?: ReactNode; button: ReactNode }) {
  const { plan, preview, button } = props;
  return (
    <div className="flex min-w-0 flex-col gap-4 lg:sticky lg:top-8 lg:max-h-[calc(100dvh-8rem)]">
      <div
        tabIndex={0}
        role="group"
        aria-label="Plan, scrollable"
        className="rounded-lg lg:min-h-40 lg:overflow-y-auto"
      >
        {plan}
      </div>
      {/* The room around it is for the ring of what is focused in it, which the scrolling box would cut off. */}
      {preview && <div className="-m-1 p-1 lg:max-h-[45dvh] lg:shrink-0 lg:overflow-y-auto">{preview}</div>}
      <div className="shrink-0">{button}</div>
    </div>
  );
}
