import type { Metadata } from "next";
import Link from "next/link";
import { AuthPage } from "#components/auth/auth-page.tsx";
import { SpendLinkForm } from "#components/auth/spend-link-form.tsx";
import { buttonClass } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { readSignInLink } from "#lib/auth/sign-in-links.ts";
import { SluiceError } from "#lib/errors.ts";
import { routes } from "#lib/routes.ts";
import { portal } from "#lib/web/portal.ts";

/** The link is a secret: it must not reach another site as a referrer. */
export const metadata: Metadata = { title: "One-time link", referrer: "no-referrer" };

export default async function LinkPage({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params;
  const found = await readLink(token);
  if (typeof found === "string") {
    return (
      <AuthPage title="This link doesn’t work">
        <Callout tone="warn">{withCommands(found)}</Callout>
        <Link href={routes.signIn} className={`${buttonClass()} mt-4 w-full`}>
          Sign in with a password
        </Link>
      </AuthPage>
    );
  }
  const invitation = found.purpose === "invite";
  return (
    <AuthPage
      title={invitation ? "Welcome to Sluice" : "Sign in by link"}
      about={
        <>
          {invitation ? "This invitation is for " : "This link signs in "}
          <strong className="font-medium break-all text-ink">{found.email}</strong>. It works once.
        </>
      }
    >
      <SpendLinkForm token={token} invitation={invitation} />
    </AuthPage>
  );
}

/** A sentence whose commands, between backticks, look like what is typed. */
function withCommands(sentence: string) {
  return sentence.split("`").map((part, index) =>
    index % 2 === 0 ? (
      part
    ) : (
      <span key={index} className="code whitespace-nowrap">
        {part}
      </span>
    ),
  );
}

/** The link, or the sentence that says why there is none. */
async function readLink(token: string) {
  try {
    return await readSignInLink(portal(), token);
  } catch (error) {
    if (error instanceof SluiceError) return error.message;
    throw error;
  }
}
