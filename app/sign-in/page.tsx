import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { AuthPage } from "#components/auth/auth-page.tsx";
import { SignInForm } from "#components/auth/sign-in-form.tsx";
import { CodeBlock } from "#components/ui/code-block.tsx";
import { firstAdminEmail } from "#lib/auth/ensure-admin.ts";
import { routes } from "#lib/routes.ts";
import { currentPerson } from "#lib/web/require-actor.ts";

export const metadata: Metadata = { title: "Sign in" };

export default async function SignInPage() {
  if (await currentPerson()) redirect(routes.dashboard);
  return (
    <AuthPage title="Sign in">
      <SignInForm />
      <div className="mt-6 border-t pt-4 text-small text-muted">
        <p>
          First time here? <span className="code">npm start</span> printed a link that signs you in once. Used
          or lost, or locked out? Make another on the machine that runs Sluice, for the first admin:
        </p>
        <CodeBlock
          className="mt-2 text-ink"
          label="A command"
          copy="the command"
          text="npm run sign-in-link"
        />
        <p className="mt-2">
          The first admin begins as <span className="code">{firstAdminEmail}</span>. For anyone else, add{" "}
          <span className="code">-- THEIR@EMAIL</span> to it. A forgotten password is set anew on the link’s
          own page.
        </p>
      </div>
    </AuthPage>
  );
}
