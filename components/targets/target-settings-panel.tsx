"use client";

import type { ReactNode } from "react";
import { useFieldsForm } from "#components/account/use-fields-form.ts";
import { TargetNameField } from "#components/targets/settings-fields.tsx";
import { Button } from "#components/ui/button.tsx";
import { Panel } from "#components/ui/panel.tsx";
import type { Answer } from "#components/ui/use-act.ts";

export type ChangeTarget = (target: string, input: Record<string, string>) => Promise<Answer>;

type Props = {
  id: string;
  name: string;
  change: ChangeTarget;
  /** the fields beside the name */
  children: (at: (field: string) => string | null) => ReactNode;
};

/** The name of a registered target, and what Sluice can't find out of it by itself. */
export function TargetSettingsPanel({ id, name, change, children }: Props) {
  const form = useFieldsForm({ send: (given) => change(id, given), done: "Saved." });
  return (
    <Panel title="Settings">
      <form method="post" onSubmit={form.submit} noValidate className="flex flex-col gap-4">
        <TargetNameField value={name} at={form.at} />
        {children(form.at)}
        <Button type="submit" className="self-start" pending={form.pending}>
          Save
        </Button>
      </form>
    </Panel>
  );
}
