import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { AuthPage } from "#components/auth/auth-page.tsx";
import { SignInForm } from "#components/auth/sign-in-form.tsx";
import { routes } from "#lib/routes.ts";
import { currentPerson } from "#lib/web/require-actor.ts";

export const metadata: Metadata = { title: "Sign in" };

export default async function SignInPage() {
  if (await currentPerson()) redirect(routes.dashboard);
  return (
    <AuthPage title="Sign in">
      <SignInForm />
      <div className="mt-6 border-t pt-4 text-small text-muted">
        <p>First time here, or locked out? Make a one-time link on the machine that runs Sluice:</p>
        <p className="code mt-2 rounded-md bg-sunken px-3 py-2 text-ink">npm run sign-in-link -- EMAIL</p>
      </div>
    </AuthPage>
  );
}
