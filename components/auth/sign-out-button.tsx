"use client";

import { useState } from "react";
import { LogOut } from "lucide-react";
import { authRequest } from "#components/auth/auth-request.ts";
import { Button } from "#components/ui/button.tsx";
import { useToast } from "#components/ui/toasts.tsx";
import { routes } from "#lib/routes.ts";

export function SignOutButton() {
  const [pending, setPending] = useState(false);
  const say = useToast();
  const signOut = async () => {
    setPending(true);
    const answer = await authRequest("sign-out", {});
    if (answer.ok) return window.location.assign(routes.signIn);
    setPending(false);
    say(answer.message, "bad");
  };
  return (
    <Button
      look="quiet"
      size="icon"
      aria-label="Sign out"
      title="Sign out"
      pending={pending}
      onClick={signOut}
      icon={<LogOut aria-hidden className="size-4" />}
    />
  );
}
