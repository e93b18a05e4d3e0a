import type { ReactNode } from "react";
import { cookies } from "next/headers";
import { ConnectionBanner } from "#components/live/connection-banner.tsx";
import { FeedProvider } from "#components/live/feed-provider.tsx";
import { PhoneBar } from "#components/shell/phone-bar.tsx";
import { Sidebar } from "#components/shell/sidebar.tsx";
import { readTheme, themeCookie } from "#components/shell/theme.ts";
import { ToastProvider } from "#components/ui/toasts.tsx";
import { getAccount } from "#lib/auth/account.ts";
import { pageContext } from "#lib/web/require-actor.ts";

export default async function PortalLayout({ children }: { children: ReactNode }) {
  const { name, email, role } = await getAccount(await pageContext());
  const person = { name, email, admin: role === "admin" };
  const theme = readTheme((await cookies()).get(themeCookie)?.value);
  return (
    <ToastProvider>
      <FeedProvider>
        <a
          href="#content"
          className="sr-only z-50 rounded-md bg-surface px-4 py-2 focus:not-sr-only focus:absolute focus:top-2 focus:left-2"
        >
          Skip to content
        </a>
        <div className="flex min-h-dvh flex-col md:flex-row">
          <Sidebar person={person} theme={theme} />
          <PhoneBar person={person} theme={theme} />
          <div className="min-w-0 flex-1">
            <ConnectionBanner />
            <main id="content" tabIndex={-1} className="mx-auto max-w-7xl p-4 outline-none md:p-8">
              {children}
            </main>
          </div>
        </div>
      </FeedProvider>
    </ToastProvider>
  );
}
