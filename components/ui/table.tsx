import type { ComponentProps, ReactNode } from "react";
import { cx } from "#components/ui/class-names.ts";

/**
 * A table that scrolls sideways by itself; focusable, so that it scrolls by keyboard too. `relative`, or what is
 * only read out (`sr-only`) in a column out of sight makes the whole page scroll.
 */
export function Table({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="relative overflow-x-auto" tabIndex={0} role="group" aria-label={`${label}, scrollable`}>
      <table aria-label={label} className="w-full border-collapse text-left">
        {children}
      </table>
    </div>
  );
}

export function Th({ className, ...rest }: ComponentProps<"th">) {
  return (
    <th
      scope="col"
      {...rest}
      className={cx(
        "border-b px-2 py-2 text-small font-medium whitespace-nowrap text-faint first:pl-4 last:pr-4",
        className,
      )}
    />
  );
}

export function Td({ className, ...rest }: ComponentProps<"td">) {
  return <td {...rest} className={cx("px-2 py-2 align-middle first:pl-4 last:pr-4", className)} />;
}

/** A row, parted from the next by a line. */
export function Tr({ className, ...rest }: ComponentProps<"tr">) {
  return <tr {...rest} className={cx("border-b last:border-b-0", className)} />;
}
