import { useId, type ReactNode } from "react";
import { cx } from "#components/ui/class-names.ts";

type Props = {
  title?: string;
  /** a sentence under the title */
  about?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  /** lists and tables reach the panel's edge */
  flush?: boolean;
  className?: string;
};

/** One topic on a page, with its own heading. */
export function Panel({ title, about, actions, children, flush, className }: Props) {
  const id = useId();
  return (
    <section
      aria-labelledby={title ? id : undefined}
      className={cx("min-w-0 rounded-lg border bg-surface", className)}
    >
      {title && (
        <header
          className={cx(
            "flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4 pt-3",
            flush && "pb-3",
          )}
        >
          <div className="min-w-0">
            <h2 id={id} className="font-semibold">
              {title}
            </h2>
            {about && <p className="text-small text-faint">{about}</p>}
          </div>
          {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
        </header>
      )}
      <div className={cx(!flush && "px-4 pt-3 pb-4")}>{children}</div>
    </section>
  );
}
