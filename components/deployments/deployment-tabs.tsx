"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { cx } from "#components/ui/class-names.ts";
import { routes } from "#lib/routes.ts";

/** A deployment's pages. One that is gone has only its receipt and its history. */
export function DeploymentTabs({ id, destroyed }: { id: string; destroyed: boolean }) {
  const pathname = usePathname();
  const tabs = destroyed
    ? [
        { href: routes.deployment(id), title: "Receipt" },
        { href: routes.activity(id), title: "Activity" },
      ]
    : [
        { href: routes.deployment(id), title: "Overview" },
        { href: routes.activity(id), title: "Activity" },
        { href: routes.test(id), title: "Test" },
        { href: routes.settings(id), title: "Settings" },
      ];
  const last = pathname.split("/").slice(3).join("/");
  return (
    <nav aria-label="Deployment" data-print="no" className="mb-6 overflow-x-auto overflow-y-hidden border-b">
      <ul className="flex gap-6">
        {tabs.map(({ href, title }) => {
          const here = last === href.split("/").slice(3).join("/");
          return (
            <li key={href}>
              <Link
                href={href}
                aria-current={here ? "page" : undefined}
                className={cx(
                  "-mb-px block border-b-2 py-2 -outline-offset-2 max-sm:py-3",
                  here
                    ? "border-accent font-medium text-ink"
                    : "border-transparent text-muted hover:text-ink",
                )}
              >
                {title}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
