import Link from "next/link";
import { buttonClass } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { routes } from "#lib/routes.ts";

/** For an address that leads nowhere, and alike for what belongs to another person. */
export function NotHere() {
  return (
    <>
      <h1 className="sr-only">Not found</h1>
      <div className="rounded-lg border bg-surface py-4">
        <EmptyState
          title="There is nothing at this address"
          actions={
            <Link href={routes.dashboard} className={buttonClass("primary")}>
              All deployments
            </Link>
          }
        >
          It may have been mistyped, or what it led to isn’t yours.
        </EmptyState>
      </div>
    </>
  );
}
