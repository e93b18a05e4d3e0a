"use client";

import { useRouter } from "next/navigation";
import { useFieldsForm } from "#components/account/use-fields-form.ts";
import { KubeconfigField } from "#components/targets/kubeconfig-field.tsx";
import { ClusterSettingsFields, TargetNameField } from "#components/targets/settings-fields.tsx";
import { Button } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { Panel } from "#components/ui/panel.tsx";
import type { Answer } from "#components/ui/use-act.ts";
import { routes } from "#lib/routes.ts";
import type { TargetView } from "#lib/targets/target-view.ts";

type Props = { register: (input: Record<string, string>) => Promise<Answer<TargetView>> };

/** Registers a cluster by its kubeconfig. */
export function AddClusterForm({ register }: Props) {
  const router = useRouter();
  const form = useFieldsForm({
    send: register,
    done: "Registered. It is being checked.",
    onDone: (target) => router.push(routes.target(target.cluster?.id ?? "")),
  });
  return (
    <Panel>
      <form method="post" onSubmit={form.submit} noValidate className="flex flex-col gap-6">
        <TargetNameField at={form.at} />
        <KubeconfigField
          error={form.at("kubeconfig")}
          contextError={form.at("context")}
          commands="below the form"
        />
        <Callout title="What happens with it">
          Sluice keeps the server’s address, its authority and the credentials of that one context, encrypted,
          and throws the rest away. It is never shown again; only the worker uses it. One that would run a
          program or read a file is refused. Nothing changes in the cluster until something is deployed there.
        </Callout>
        <ClusterSettingsFields at={form.at} />
        <Button type="submit" look="primary" className="self-start" pending={form.pending}>
          Register and check
        </Button>
      </form>
    </Panel>
  );
}
