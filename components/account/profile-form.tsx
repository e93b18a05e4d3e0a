"use client";

import { useFieldsForm } from "#components/account/use-fields-form.ts";
import { Button } from "#components/ui/button.tsx";
import { TextField } from "#components/ui/field.tsx";
import { Panel } from "#components/ui/panel.tsx";
import type { Answer } from "#components/ui/use-act.ts";

type Props = {
  name: string;
  email: string;
  save: (input: { name: string; email: string }) => Promise<Answer>;
};

export function ProfileForm({ name, email, save }: Props) {
  const form = useFieldsForm({
    send: (given) => save({ name: given.name ?? "", email: given.email ?? "" }),
    done: "Saved.",
  });
  return (
    <Panel title="You">
      <form method="post" onSubmit={form.submit} noValidate className="flex flex-col gap-4">
        <TextField label="Name" name="name" autoComplete="name" defaultValue={name} error={form.at("name")} />
        <TextField
          label="E-mail"
          name="email"
          type="email"
          autoComplete="email"
          defaultValue={email}
          error={form.at("email")}
        />
        <Button type="submit" className="self-start" pending={form.pending}>
          Save
        </Button>
      </form>
    </Panel>
  );
}
