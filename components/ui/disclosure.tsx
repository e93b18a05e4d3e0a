import type { ReactNode } from "react";
import { ChevronRight } from "lucide-react";
import { cx } from "#components/ui/class-names.ts";

type Props = {
  title: ReactNode;
  /** what is inside, in short, shown while it is closed too */
  summary?: ReactNode;
  children: ReactNode;
  open?: boolean;
  onToggle?: (open: boolean) => void;
  className?: string;
};

/** A part that opens; the browser's own details element, so it works before any script runs. */
export function Disclosure({ title, summary, children, open, onToggle, className }: Props) {
  return (
    <details
      open={open}
      onToggle={onToggle && ((event) => onToggle(event.currentTarget.open))}
      className={cx("group min-w-0", className)}
    >
      <summary className="flex list-none items-start gap-2 rounded-sm py-1 [&::-webkit-details-marker]:hidden">
        <ChevronRight
          aria-hidden
          className="mt-0.5 size-4 shrink-0 text-faint transition-transform group-open:rotate-90"
        />
        <span className="flex min-w-0 flex-1 flex-wrap gap-x-2">
          <span className="max-w-full shrink-0 font-medium max-sm:shrink">{title}</span>
          {summary && <span className="min-w-0 break-words text-faint sm:truncate">{summary}</span>}
        </span>
      </summary>
      <div className="pt-2">{children}</div>
    </details>
  );
}
