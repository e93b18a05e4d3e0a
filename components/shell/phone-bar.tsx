"use client";

import { useState } from "react";
import Link from "next/link";
import { Dialog } from "radix-ui";
import { Menu, X } from "lucide-react";
import { Brand } from "#components/shell/brand.tsx";
import { Navigation } from "#components/shell/navigation.tsx";
import { SignedIn, type Person } from "#components/shell/sidebar.tsx";
import { ThemeChoice } from "#components/shell/theme-choice.tsx";
import type { Theme } from "#components/shell/theme.ts";
import { buttonClass } from "#components/ui/button.tsx";
import { routes } from "#lib/routes.ts";

/** The bar on narrow windows; its menu holds what the left column holds on wide ones. */
export function PhoneBar({ person, theme }: { person: Person; theme: Theme }) {
  const [open, setOpen] = useState(false);
  return (
    <header
      data-print="no"
      className="sticky top-0 z-30 flex h-14 items-center justify-between border-b bg-surface px-4 md:hidden"
    >
      <Link href={routes.dashboard} className="flex rounded-sm">
        <Brand />
      </Link>
      <Dialog.Root open={open} onOpenChange={setOpen}>
        <Dialog.Trigger className={buttonClass("quiet", "icon")} aria-label="Menu">
          <Menu aria-hidden className="size-5" />
        </Dialog.Trigger>
        <Dialog.Portal>
          <Dialog.Overlay className="fixed inset-0 z-40 bg-[oklch(0_0_0/0.45)]" />
          <Dialog.Content
            aria-describedby={undefined}
            className="fixed inset-y-0 right-0 z-50 flex w-72 max-w-[85vw] flex-col gap-6 border-l bg-surface p-4"
          >
            <div className="flex items-center justify-between">
              <Dialog.Title className="text-lead font-semibold">Menu</Dialog.Title>
              <Dialog.Close className={buttonClass("quiet", "icon")} aria-label="Close">
                <X aria-hidden className="size-5" />
              </Dialog.Close>
            </div>
            <Navigation admin={person.admin} onNavigate={() => setOpen(false)} />
            <div className="mt-auto flex flex-col gap-4">
              <ThemeChoice initial={theme} />
              <SignedIn person={person} />
            </div>
          </Dialog.Content>
        </Dialog.Portal>
      </Dialog.Root>
    </header>
  );
}
