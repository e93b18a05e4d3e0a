"use client";

import { PageTrouble } from "#components/trouble/page-trouble.tsx";

export default function RootError(props: { error: unknown; retry: () => void }) {
  return (
    <main className="mx-auto max-w-xl px-4 py-16">
      <h1 className="sr-only">Something went wrong</h1>
      <PageTrouble {...props} />
    </main>
  );
}
