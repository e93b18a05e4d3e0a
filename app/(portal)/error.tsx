"use client";

import { PageTrouble } from "#components/trouble/page-trouble.tsx";

export default function PortalError(props: { error: unknown; retry: () => void }) {
  return (
    <>
      <h1 className="sr-only">Something went wrong</h1>
      <PageTrouble {...props} />
    </>
  );
}
