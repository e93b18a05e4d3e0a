"use client";

import { useState, type SubmitEvent } from "react";
import { LogOut } from "lucide-react";
import { authRequest } from "#components/auth/auth-request.ts";
import { Button } from "#components/ui/button.tsx";
import { useToast } from "#components/ui/toasts.tsx";
import { apiRoutes, routes } from "#lib/routes.ts";

/** Before any script has run the browser sends the form by itself; after that, what went wrong is said on the page. */
export function SignOutButton() {
  const [pending, setPending] = useState(false);
  const say = useToast();
  const signOut = async (event: SubmitEvent) => {
    event.preventDefault();
    setPending(true);
    const answer = await authRequest("sign-out", {});
    if (answer.ok) return window.location.assign(routes.signIn);
    setPending(false);
    say(answer.message, "bad");
  };
  return (
    <form method="post" action={apiRoutes.signOut} onSubmit={signOut}>
      <Button
        type="submit"
        look="quiet"
        size="icon"
        aria-label="Sign out"
        title="Sign out"
        pending={pending}
        icon={<LogOut aria-hidden className="size-4" />}
      />
    </form>
  );
}
