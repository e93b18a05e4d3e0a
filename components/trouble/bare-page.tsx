import type { ReactNode } from "react";
import { Brand } from "#components/shell/brand.tsx";

/** The frame of what is shown where the portal's own frame can't be: whose page it is, and what happened. */
export function BarePage({ children }: { children: ReactNode }) {
  return (
    <main className="mx-auto flex min-h-dvh max-w-xl flex-col justify-center gap-6 px-4 py-16">
      <span className="self-center">
        <Brand />
      </span>
      <div>{children}</div>
    </main>
  );
}
