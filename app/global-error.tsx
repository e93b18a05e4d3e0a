"use client";

import { PageTrouble } from "#components/trouble/page-trouble.tsx";
import "./globals.css";

export default function GlobalError(props: { error: unknown; retry: () => void }) {
  return (
    <html lang="en">
      <body className="font-sans">
        <title>Something went wrong · Sluice</title>
        <main className="mx-auto max-w-xl px-4 py-16">
          <h1 className="sr-only">Something went wrong</h1>
          <PageTrouble {...props} />
        </main>
      </body>
    </html>
  );
}
