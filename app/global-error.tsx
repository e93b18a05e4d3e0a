"use client";

import { BarePage } from "#components/trouble/bare-page.tsx";
import { PageTrouble } from "#components/trouble/page-trouble.tsx";
import "./globals.css";

export default function GlobalError(props: { error: unknown; retry: () => void }) {
  return (
    <html lang="en">
      <body className="font-sans">
        <title>Something went wrong · Sluice</title>
        <BarePage>
          <h1 className="sr-only">Something went wrong</h1>
          <PageTrouble {...props} />
        </BarePage>
      </body>
    </html>
  );
}
