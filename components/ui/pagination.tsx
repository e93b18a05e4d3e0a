import Link from "next/link";
import { ChevronRight, ChevronsLeft } from "lucide-react";
import { buttonClass } from "#components/ui/button.tsx";

type Props = {
  /** the place of the first row shown, from 1 */
  from: number;
  shown: number;
  total: number;
  what: string;
  firstHref: string | null;
  nextHref: string | null;
};

/** Which rows of how many are shown, and the way to the others. */
export function Pagination({ from, shown, total, what, firstHref, nextHref }: Props) {
  const count = (n: number) => n.toLocaleString("en");
  return (
    <nav
      aria-label="Pages"
      className="flex min-h-12 flex-wrap items-center justify-between gap-2 border-t px-4 py-2"
    >
      <p className="figures text-small text-faint">
        {shown === 0 ? `No ${what}` : `${count(from)}–${count(from + shown - 1)} of ${count(total)} ${what}`}
      </p>
      <div className="flex gap-2">
        {firstHref && (
          <Link href={firstHref} scroll={false} className={buttonClass("secondary", "small")}>
            <ChevronsLeft aria-hidden className="size-4" /> First page
          </Link>
        )}
        {nextHref && (
          <Link href={nextHref} className={buttonClass("secondary", "small")}>
            Next <ChevronRight aria-hidden className="size-4" />
          </Link>
        )}
      </div>
    </nav>
  );
}
