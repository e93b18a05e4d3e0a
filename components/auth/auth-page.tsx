import type { ReactNode } from "react";
import { Brand } from "#components/shell/brand.tsx";

/** The frame of the pages before one is signed in. */
export function AuthPage({
  title,
  about,
  children,
}: {
  title: string;
  about?: ReactNode;
  children: ReactNode;
}) {
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center gap-6 px-4 py-16">
      <Brand />
      <div className="w-full max-w-sm rounded-lg border bg-surface p-6">
        <h1 className="text-title font-semibold">{title}</h1>
        {about && <div className="mt-1 text-muted">{about}</div>}
        <div className="mt-6">{children}</div>
      </div>
    </main>
  );
}
