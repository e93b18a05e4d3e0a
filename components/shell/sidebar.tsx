import Link from "next/link";
import { SignOutButton } from "#components/auth/sign-out-button.tsx";
import { Brand } from "#components/shell/brand.tsx";
import { Navigation } from "#components/shell/navigation.tsx";
import { ThemeChoice } from "#components/shell/theme-choice.tsx";
import type { Theme } from "#components/shell/theme.ts";
import { routes } from "#lib/routes.ts";

export type Person = { name: string; email: string; admin: boolean };

/** The left column on wide windows. */
export function Sidebar({ person, theme }: { person: Person; theme: Theme }) {
  return (
    <aside
      data-print="no"
      className="sticky top-0 hidden h-dvh w-56 shrink-0 flex-col gap-6 border-r bg-surface p-4 md:flex"
    >
      <Link href={routes.dashboard} className="flex w-fit rounded-sm">
        <Brand />
      </Link>
      <Navigation admin={person.admin} />
      <div className="mt-auto flex flex-col gap-4">
        <ThemeChoice initial={theme} />
        <SignedIn person={person} />
      </div>
    </aside>
  );
}

/** Who is signed in, and the way out. */
export function SignedIn({ person }: { person: Person }) {
  return (
    <div className="flex items-center gap-2 border-t pt-4">
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium">{person.name}</p>
        <p className="truncate text-small text-faint" title={person.email}>
          {person.email}
        </p>
      </div>
      <SignOutButton />
    </div>
  );
}
