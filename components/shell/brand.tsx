/** The mark: water held by a gate, let through in three streams. */
export function BrandMark({ className }: { className?: string }) {
  return (
    <svg
      viewBox="0 0 24 24"
      aria-hidden
      className={className}
      fill="none"
      stroke="currentColor"
      strokeWidth={2.25}
    >
      <path d="M2 12h6" strokeLinecap="round" />
      <path d="M10.5 3v18" strokeLinecap="round" className="stroke-accent" />
      <path d="M13.5 12c2 0 2-6 4.5-6H22M13.5 12H22M13.5 12c2 0 2 6 4.5 6H22" strokeLinecap="round" />
    </svg>
  );
}

export function Brand() {
  return (
    <span className="inline-flex items-center gap-2 text-lead font-semibold tracking-tight">
      <BrandMark className="size-6" />
      Sluice
    </span>
  );
}
