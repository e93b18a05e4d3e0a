"use client";

import { useState } from "react";
import { useFieldsForm } from "#components/account/use-fields-form.ts";
import { Button } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { cx } from "#components/ui/class-names.ts";
import { ConfirmButton } from "#components/ui/confirm-button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { SelectField, TextField } from "#components/ui/field.tsx";
import { Panel } from "#components/ui/panel.tsx";
import { Table, Td, Th, Tr } from "#components/ui/table.tsx";
import { Age, TimeLeft, useNow } from "#components/ui/time.tsx";
import type { Answer } from "#components/ui/use-act.ts";
import type { ApiKeyView } from "#lib/auth/api-keys.ts";

type Props = {
  keys: ApiKeyView[];
  create: (input: { name: string; expiresInDays?: number }) => Promise<Answer<{ key: string }>>;
  revoke: (keyId: string) => Promise<Answer>;
};

/** Keys for the REST API, which open one's own endpoints too. */
export function ApiKeys({ keys, create, revoke }: Props) {
  const [fresh, setFresh] = useState<string | null>(null);
  const form = useFieldsForm({
    send: (given) =>
      create({
        name: given.name ?? "",
        ...(given.expiresInDays ? { expiresInDays: Number(given.expiresInDays) } : {}),
      }),
    done: "The key is made.",
    onDone: ({ key }, element) => {
      setFresh(key);
      element.reset();
    },
  });
  return (
    <Panel title="API keys" about="For the REST API. They open the endpoints of your deployments too." flush>
      <div className="flex flex-col gap-4 border-t p-4">
        <form
          method="post"
          onSubmit={form.submit}
          noValidate
          className="grid items-start gap-3 sm:grid-cols-[minmax(0,1fr)_10rem_auto]"
        >
          <TextField
            label="Key name"
            name="name"
            autoComplete="off"
            placeholder="ci"
            error={form.at("name")}
          />
          <SelectField label="Expires" name="expiresInDays" defaultValue="">
            <option value="">never</option>
            <option value="7">in 7 days</option>
            <option value="30">in 30 days</option>
            <option value="365">in a year</option>
          </SelectField>
          <Button type="submit" look="primary" pending={form.pending} className="sm:mt-6">
            Create API key
          </Button>
        </form>
        {fresh && (
          <Callout tone="ok" title="Your new API key, shown this once">
            <span className="flex items-center gap-1">
              <span className="code min-w-0 break-all text-ink">{fresh}</span>
              <CopyButton text={fresh} what="API key" />
            </span>
            Send it as <span className="code">Authorization: Bearer KEY</span>. Keep it somewhere safe.
          </Callout>
        )}
      </div>
      {keys.length === 0 ? (
        <EmptyState title="No API key yet" />
      ) : (
        <Table label="API keys" stacked>
          <thead>
            <tr>
              <Th className="border-t">Name</Th>
              <Th className="border-t">Key</Th>
              <Th className="border-t">Made</Th>
              <Th className="border-t">Last used</Th>
              <Th className="border-t">State</Th>
              <Th className="border-t">
                <span className="sr-only">Actions</span>
              </Th>
            </tr>
          </thead>
          <tbody>
            {keys.map((key) => (
              <KeyRow key={key.id} apiKey={key} revoke={revoke} />
            ))}
          </tbody>
        </Table>
      )}
    </Panel>
  );
}

function KeyRow({ apiKey, revoke }: { apiKey: ApiKeyView; revoke: Props["revoke"] }) {
  const { id, name, prefix, createdAt, lastUsedAt, expiresAt, revokedAt } = apiKey;
  return (
    <Tr className={cx("h-11", revokedAt && "text-muted")}>
      <Td className="font-medium">{name}</Td>
      <Td className="code whitespace-nowrap">{prefix}…</Td>
      <Td head="Made">
        <Age at={createdAt} suffix=" ago" />
      </Td>
      <Td head="Last used">{lastUsedAt ? <Age at={lastUsedAt} suffix=" ago" /> : "never"}</Td>
      <Td className="whitespace-nowrap">
        {revokedAt ? "revoked" : expiresAt ? <Expiry at={expiresAt} /> : "active"}
      </Td>
      <Td className="text-right max-md:ml-auto">
        {!revokedAt && (
          <ConfirmButton verb="Revoke" object={name} run={() => revoke(id)} done={`${name} is revoked.`}>
            Programs that use it are refused at once, by the API and by your endpoints.
          </ConfirmButton>
        )}
      </Td>
    </Tr>
  );
}

function Expiry({ at }: { at: string }) {
  const past = Date.parse(at) <= useNow();
  if (past) return "expired";
  return (
    <>
      active, <TimeLeft until={at} /> left
    </>
  );
}
