import type { ReactNode } from "react";

/** The page's one h1, as tall as the buttons beside it, a sentence about it, and what can be done here. */
export function PageHeader({
  title,
  about,
  actions,
}: {
  title: ReactNode;
  about?: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <header className="mb-6 flex flex-wrap items-start justify-between gap-4">
      <div className="min-w-0">
        <h1 className="py-1 text-title font-semibold break-words max-sm:py-2">{title}</h1>
        {about && <div className="max-w-prose text-muted">{about}</div>}
      </div>
      {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
    </header>
  );
}
