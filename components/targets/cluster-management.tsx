"use client";

import { useState } from "react";
import Link from "next/link";
import { useFieldsForm } from "#components/account/use-fields-form.ts";
import { DangerZone, type Remove } from "#components/targets/danger-zone.tsx";
import { KubeconfigField } from "#components/targets/kubeconfig-field.tsx";
import { ClusterSettingsFields } from "#components/targets/settings-fields.tsx";
import { TargetSettingsPanel, type ChangeTarget } from "#components/targets/target-settings-panel.tsx";
import { Button } from "#components/ui/button.tsx";
import { DefinitionList } from "#components/ui/definition-list.tsx";
import { Disclosure } from "#components/ui/disclosure.tsx";
import { Panel } from "#components/ui/panel.tsx";
import { routes } from "#lib/routes.ts";
import type { ClusterDetail } from "#lib/targets/target-view.ts";

type Props = { id: string; name: string; detail: ClusterDetail; change: ChangeTarget; remove: Remove };

/** What an admin can change of a registered cluster. */
export function ClusterManagement({ id, name, detail, change, remove }: Props) {
  return (
    <>
      <div className="grid items-start gap-6 lg:grid-cols-2">
        <TargetSettingsPanel id={id} name={name} change={change}>
          {(at) => <ClusterSettingsFields values={detail.settings} at={at} />}
        </TargetSettingsPanel>
        <Credentials id={id} detail={detail} change={change} />
      </div>
      <DangerZone
        id={id}
        name={name}
        deployments={detail.deployments}
        what="cluster"
        about="Removing it deletes its kubeconfig here. Nothing is done in the cluster itself."
        means="Its kubeconfig is deleted here, and nobody can deploy there any more. In the cluster nothing changes: delete Sluice’s account there yourself. To have it back, register it again."
        remove={remove}
      />
    </>
  );
}

function Credentials({ id, detail, change }: Omit<Props, "remove" | "name">) {
  return (
    <Panel title="Kubeconfig" about="Stored encrypted; it can’t be shown, only replaced">
      <DefinitionList
        items={[
          [
            "Server",
            <span key="server" className="code break-all">
              {detail.server}
            </span>,
          ],
          ["Context", detail.contextName],
          ["Good until", detail.credentialsExpireAt?.slice(0, 10) ?? "No expiry date"],
        ]}
      />
      <Disclosure title="Replace it" summary="with new credentials of the same cluster" className="mt-4">
        <ReplaceForm id={id} change={change} />
      </Disclosure>
    </Panel>
  );
}

function ReplaceForm({ id, change }: { id: string; change: ChangeTarget }) {
  const [replaced, setReplaced] = useState(0);
  const form = useFieldsForm({
    send: ({ kubeconfig = "", context = "" }) => change(id, { kubeconfig, context }),
    done: "Replaced. It is being checked.",
    // A field of its own each time: what was pasted doesn't stay on the page.
    onDone: () => setReplaced((times) => times + 1),
  });
  return (
    <form method="post" onSubmit={form.submit} noValidate className="flex flex-col gap-4">
      <KubeconfigField
        key={replaced}
        error={form.at("kubeconfig")}
        contextError={form.at("context")}
        commands={
          <>
            under{" "}
            <Link href={routes.newTarget} className="underline">
              Add a cluster
            </Link>
          </>
        }
      />
      <Button type="submit" className="self-start" pending={form.pending}>
        Replace and check
      </Button>
    </form>
  );
}
