"use client";

import { useRef, useState, type FormEvent } from "react";
import { authRequest } from "#components/auth/auth-request.ts";
import { Button } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { TextField } from "#components/ui/field.tsx";
import { routes } from "#lib/routes.ts";

export function SignInForm() {
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const password = useRef<HTMLInputElement>(null);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = Object.fromEntries(new FormData(event.currentTarget));
    setPending(true);
    setProblem(null);
    const answer = await authRequest("sign-in/email", given);
    // A whole new page, so that nothing of another person's session is left in this one.
    if (answer.ok) return window.location.assign(routes.dashboard);
    setPending(false);
    setProblem(answer.message);
    password.current?.select();
  };

  return (
    <form method="post" onSubmit={submit} className="flex flex-col gap-4">
      {problem && (
        <Callout alert tone="bad" title="Not signed in">
          {problem}
        </Callout>
      )}
      <TextField label="E-mail" name="email" type="email" autoComplete="username" required autoFocus />
      <TextField
        ref={password}
        label="Password"
        name="password"
        type="password"
        autoComplete="current-password"
        required
      />
      <Button type="submit" look="primary" pending={pending}>
        Sign in
      </Button>
    </form>
  );
}
