"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { CircleUserRound, LayoutList, Plus, Server, Users } from "lucide-react";
import { cx } from "#components/ui/class-names.ts";
import { routes } from "#lib/routes.ts";

const places = [
  { href: routes.dashboard, title: "Deployments", Icon: LayoutList, admin: false },
  { href: routes.newDeployment, title: "New deployment", Icon: Plus, admin: false },
  { href: routes.targets, title: "Targets", Icon: Server, admin: false },
  { href: routes.people, title: "People", Icon: Users, admin: true },
  { href: routes.account, title: "Account", Icon: CircleUserRound, admin: false },
] as const;

/** The portal's places; where one is now is marked. */
export function Navigation({ admin, onNavigate }: { admin: boolean; onNavigate?: () => void }) {
  const pathname = usePathname();
  return (
    <nav aria-label="Main">
      <ul className="flex flex-col gap-1">
        {places
          .filter((place) => admin || !place.admin)
          .map(({ href, title, Icon }) => {
            const here = isHere(href, pathname);
            return (
              <li key={href}>
                <Link
                  href={href}
                  onClick={onNavigate}
                  aria-current={here ? "page" : undefined}
                  className={cx(
                    "flex h-8 items-center gap-3 rounded-md px-2 max-md:h-11",
                    here
                      ? "bg-accent-soft font-medium text-accent-strong"
                      : "text-muted hover:bg-sunken hover:text-ink",
                  )}
                >
                  <Icon aria-hidden className="size-4" />
                  {title}
                </Link>
              </li>
            );
          })}
      </ul>
    </nav>
  );
}

/** A deployment's own pages belong to the list of deployments, a cluster's to the targets. */
function isHere(href: string, pathname: string): boolean {
  if (href === routes.targets) return pathname === href || pathname.startsWith(`${href}/`);
  if (href !== routes.dashboard) return pathname === href;
  return pathname === "/" || (pathname.startsWith("/deployments/") && pathname !== routes.newDeployment);
}
