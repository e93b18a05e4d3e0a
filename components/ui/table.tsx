import type { ComponentProps, ReactNode } from "react";
import { cx } from "#components/ui/class-names.ts";

type Props = {
  label: string;
  /** where there is no room for columns, a row's cells stand under its first one */
  stacked?: boolean;
  children: ReactNode;
};

/**
 * A table that scrolls sideways by itself; focusable, so that it scrolls by keyboard too. `relative`, or what is
 * only read out (`sr-only`) in a column out of sight makes the whole page scroll; as round as a panel, or its ground is
 * painted over the panel's corners.
 */
export function Table({ label, stacked, children }: Props) {
  return (
    <div
      className={cx("relative scroll-edge overflow-x-auto rounded-lg", stacked && "stacked-rows")}
      tabIndex={0}
      role="group"
      aria-label={`${label}, scrollable`}
    >
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

type CellProps = ComponentProps<"td"> & {
  /** its column's name, which stands before it in a row that is stacked */
  head?: string;
};

export function Td({ className, head, ...rest }: CellProps) {
  return (
    <td {...rest} data-head={head} className={cx("px-2 py-2 align-middle first:pl-4 last:pr-4", className)} />
  );
}

/** A row, parted from the next by a line. */
export function Tr({ className, ...rest }: ComponentProps<"tr">) {
  return <tr {...rest} className={cx("border-b last:border-b-0", className)} />;
}
