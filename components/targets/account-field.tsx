"use client";

import { useState, type ReactNode } from "react";
import { TextFileField } from "#components/targets/text-file-field.tsx";
import { ChoiceCard } from "#components/ui/choice-card.tsx";
import type { ProjectSettings } from "#lib/targets/gke/project-settings.ts";

type Account = ProjectSettings["account"];
type Props = {
  value?: Account;
  at: (field: string) => string | null;
  /** what is to be known of the one that is chosen */
  about?: (account: Account) => ReactNode;
};

/** Who asks Google: an uploaded key's account, or the worker's own. */
export function AccountField({ value = "key", at, about }: Props) {
  const [account, setAccount] = useState(value);
  return (
    <div className="flex flex-col gap-4">
      <fieldset className="min-w-0">
        <legend className="mb-1 font-medium">Credentials</legend>
        <div className="grid gap-3 sm:grid-cols-2">
          <ChoiceCard
            name="account"
            value="key"
            checked={account === "key"}
            onChoose={() => setAccount("key")}
            title="A service account’s key"
            about="A key file in JSON, uploaded or pasted here."
          />
          <ChoiceCard
            name="account"
            value="worker"
            checked={account === "worker"}
            onChoose={() => setAccount("worker")}
            title="The worker’s own account"
            about="What its machine has: a file, gcloud’s sign-in, or Google’s metadata server."
          />
        </div>
      </fieldset>
      {account === "key" ? (
        <TextFileField
          label="Key"
          name="key"
          what="a key file"
          rows={6}
          placeholder={'{\n  "type": "service_account",\n  …'}
          error={at("key")}
          hint={
            <>
              What{" "}
              <span className="code">
                gcloud iam service-accounts keys create key.json --iam-account=ADDRESS
              </span>{" "}
              writes
            </>
          }
        />
      ) : (
        <p className="text-small text-muted">
          Where the worker runs: the file that <span className="code">GOOGLE_APPLICATION_CREDENTIALS</span>{" "}
          names when Sluice is started, else what{" "}
          <span className="code">gcloud auth application-default login</span> left, else the machine’s own
          account at Google. Its check says who that is.
        </p>
      )}
      {about?.(account)}
    </div>
  );
}
