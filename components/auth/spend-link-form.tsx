"use client";

import { useState, type FormEvent } from "react";
import { authRequest } from "#components/auth/auth-request.ts";
import { filledFields } from "#components/auth/filled-fields.ts";
import { Button } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { TextField } from "#components/ui/field.tsx";
import type { FieldError } from "#lib/errors.ts";
import { routes } from "#lib/routes.ts";

/**
 * Spends a one-time link by a POST, so that a mail program that opens every link doesn't use it up. Who forgot their
 * password comes by such a link, and can set a new one here alone: Account asks for the one they have.
 */
export function SpendLinkForm({ token, invitation }: { token: string; invitation: boolean }) {
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<{ message: string; fields: FieldError[] } | null>(null);
  const at = (field: string) => problem?.fields.find((f) => f.field === field)?.message;

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = filledFields(new FormData(event.currentTarget));
    setPending(true);
    setProblem(null);
    const answer = await authRequest("sign-in/link", { token, ...given });
    if (answer.ok) return window.location.assign(routes.dashboard);
    setPending(false);
    setProblem(answer);
  };

  return (
    <form method="post" onSubmit={submit} className="flex flex-col gap-4">
      {problem && problem.fields.length === 0 && (
        <Callout alert tone="bad" title="That didn’t work">
          {problem.message}
        </Callout>
      )}
      {invitation && (
        <TextField
          label="Your name"
          name="name"
          autoComplete="name"
          required
          maxLength={80}
          error={at("name")}
        />
      )}
      <TextField
        label={invitation ? "Choose a password" : "A new password"}
        name="password"
        type="password"
        autoComplete="new-password"
        required={invitation}
        optional={!invitation}
        minLength={10}
        maxLength={128}
        hint={
          invitation
            ? "At least 10 characters."
            : "Only if you want one: at least 10 characters. Every other session of yours ends then."
        }
        error={at("password")}
      />
      <Button type="submit" look="primary" pending={pending}>
        {invitation ? "Make my account" : "Sign in"}
      </Button>
    </form>
  );
}
