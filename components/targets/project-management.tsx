"use client";

import { useState } from "react";
import { useFieldsForm } from "#components/account/use-fields-form.ts";
import { AccountField } from "#components/targets/account-field.tsx";
import { DangerZone, type Remove } from "#components/targets/danger-zone.tsx";
import { ProjectSettingsFields } from "#components/targets/project-settings-fields.tsx";
import { TargetSettingsPanel, type ChangeTarget } from "#components/targets/target-settings-panel.tsx";
import { Button } from "#components/ui/button.tsx";
import { DefinitionList } from "#components/ui/definition-list.tsx";
import { Disclosure } from "#components/ui/disclosure.tsx";
import { Panel } from "#components/ui/panel.tsx";
import type { ProjectDetail } from "#lib/targets/gke/project-view.ts";

type Props = { id: string; name: string; detail: ProjectDetail; change: ChangeTarget; remove: Remove };

/** What an admin can change of a registered Google project. */
export function ProjectManagement({ id, name, detail, change, remove }: Props) {
  const { deployments, settings } = detail;
  const hasKey = settings.account === "key";
  return (
    <>
      <div className="grid items-start gap-6 lg:grid-cols-2">
        <TargetSettingsPanel id={id} name={name} change={change}>
          {(at) => <ProjectSettingsFields values={settings} at={at} />}
        </TargetSettingsPanel>
        <Credentials id={id} detail={detail} change={change} />
      </div>
      <DangerZone
        id={id}
        name={name}
        deployments={deployments}
        what="project"
        about={
          hasKey
            ? "Removing it deletes its key here. Nothing is done in the project itself."
            : "Removing it takes it from the form. Nothing is done in the project itself."
        }
        means={
          hasKey
            ? "Its key is deleted here, and nobody can deploy there any more. In the project nothing changes: delete the key and Sluice’s account there yourself. To have it back, register it again."
            : "Nobody can deploy there any more. In the project nothing changes: take the roles from the worker’s account there yourself. To have it back, register it again."
        }
        remove={remove}
      />
    </>
  );
}

function Credentials({ id, detail, change }: Omit<Props, "remove" | "name">) {
  const { settings, findings } = detail;
  return (
    <Panel
      title="Credentials"
      about={
        settings.account === "key"
          ? "The key is stored encrypted; it can’t be shown, only replaced"
          : "Nothing of it is stored here: the worker asks for it where it runs"
      }
    >
      <DefinitionList
        items={[
          ["Kind", settings.account === "key" ? "A service account’s key" : "The worker’s own account"],
          [
            "Account",
            <span key="account" className="break-all">
              {findings?.identity ?? "not seen yet"}
            </span>,
          ],
          ["Project", settings.project],
          ["Location", settings.location],
        ]}
      />
      <Disclosure title="Replace them" summary="project and location stay" className="mt-4">
        <ReplaceForm id={id} account={settings.account} change={change} />
      </Disclosure>
    </Panel>
  );
}

type ReplaceProps = { id: string; account: ProjectDetail["settings"]["account"]; change: ChangeTarget };

function ReplaceForm({ id, account, change }: ReplaceProps) {
  const [replaced, setReplaced] = useState(0);
  const form = useFieldsForm({
    send: (given) => change(id, given),
    done: "Replaced. It is being checked.",
    // Fields of their own each time: what was pasted doesn't stay on the page.
    onDone: () => setReplaced((times) => times + 1),
  });
  return (
    <form method="post" onSubmit={form.submit} noValidate className="flex flex-col gap-4">
      <AccountField key={replaced} value={account} at={form.at} />
      <Button type="submit" className="self-start" pending={form.pending}>
        Replace and check
      </Button>
    </form>
  );
}
