"use client";

import { BarePage } from "#components/trouble/bare-page.tsx";
import { PageTrouble } from "#components/trouble/page-trouble.tsx";

export default function RootError(props: { error: unknown; retry: () => void }) {
  return (
    <BarePage>
      <h1 className="sr-only">Something went wrong</h1>
      <PageTrouble {...props} />
    </BarePage>
  );
}
