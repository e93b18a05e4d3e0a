"use client";

import { useRouter } from "next/navigation";
import { useFieldsForm } from "#components/account/use-fields-form.ts";
import { AccountField } from "#components/targets/account-field.tsx";
import { ProjectSettingsFields } from "#components/targets/project-settings-fields.tsx";
import { TargetNameField } from "#components/targets/settings-fields.tsx";
import { Button } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { TextField } from "#components/ui/field.tsx";
import { Panel } from "#components/ui/panel.tsx";
import type { Answer } from "#components/ui/use-act.ts";
import { routes } from "#lib/routes.ts";
import type { TargetView } from "#lib/targets/target-view.ts";

type Props = { register: (input: Record<string, string>) => Promise<Answer<TargetView>> };

/** Registers a Google project by a key, or by the worker's own account. */
export function AddProjectForm({ register }: Props) {
  const router = useRouter();
  const form = useFieldsForm({
    send: (given) => register({ kind: "gke", ...given }),
    done: "Registered. It is being checked.",
    onDone: (target) => router.push(routes.target(target.project?.id ?? "")),
  });
  return (
    <Panel>
      <form method="post" onSubmit={form.submit} noValidate className="flex flex-col gap-6">
        <TargetNameField at={form.at} />
        <div className="grid gap-6 sm:grid-cols-2">
          <TextField
            label="Project"
            name="project"
            required
            mono
            autoComplete="off"
            placeholder="my-project-123456"
            error={form.at("project")}
            hint="Its id, not its title"
          />
          <TextField
            label="Location"
            name="location"
            required
            mono
            autoComplete="off"
            placeholder="us-central1-a"
            error={form.at("location")}
            hint="A zone: cheaper, as own clusters are there alone. Or a region such as us-central1: nodes in three zones"
          />
        </div>
        <AccountField
          at={form.at}
          about={(account) => (
            <Callout title={account === "key" ? "What happens with it" : "What happens then"}>
              {account === "key"
                ? "Of a key Sluice keeps the account, the project and the key itself, encrypted, and throws the rest away. It is never shown again; only the worker uses it. Another type of credentials, or one that would have somebody else than Google asked, is refused."
                : "No credentials are stored here: the worker finds its own where it runs."}{" "}
              Nothing changes in the project until something is deployed there. Project and location stay as
              they are; the rest can be changed.
            </Callout>
          )}
        />
        <ProjectSettingsFields at={form.at} />
        <Button type="submit" look="primary" className="self-start" pending={form.pending}>
          Register and check
        </Button>
      </form>
    </Panel>
  );
}
