"use client";

import { useFieldsForm } from "#components/account/use-fields-form.ts";
import { Button } from "#components/ui/button.tsx";
import { TextField } from "#components/ui/field.tsx";
import { Panel } from "#components/ui/panel.tsx";
import type { Answer } from "#components/ui/use-act.ts";

type Props = {
  hasPassword: boolean;
  save: (input: { currentPassword?: string; newPassword: string }) => Promise<Answer>;
};

export function PasswordForm({ hasPassword, save }: Props) {
  const form = useFieldsForm({
    send: (given) =>
      save({
        ...(hasPassword && { currentPassword: given.currentPassword ?? "" }),
        newPassword: given.newPassword ?? "",
      }),
    done: "The new password is set. Every other session of yours has ended.",
    onDone: (_, element) => element.reset(),
  });
  return (
    <Panel
      title="Password"
      about={hasPassword ? undefined : "You have none yet, so you sign in by one-time links."}
    >
      <form method="post" onSubmit={form.submit} noValidate className="flex flex-col gap-4">
        {hasPassword && (
          <TextField
            label="Current password"
            name="currentPassword"
            type="password"
            autoComplete="current-password"
            error={form.at("currentPassword")}
          />
        )}
        <TextField
          label="New password"
          name="newPassword"
          type="password"
          autoComplete="new-password"
          hint="At least 10 characters."
          error={form.at("newPassword")}
        />
        <Button type="submit" className="self-start" pending={form.pending}>
          Set password
        </Button>
      </form>
    </Panel>
  );
}
