import type { Metadata } from "next";
import { endApiKey, makeApiKey, saveAccount, savePassword } from "#app/(portal)/account/actions.ts";
import { ApiKeys } from "#components/account/api-keys.tsx";
import { PasswordForm } from "#components/account/password-form.tsx";
import { ProfileForm } from "#components/account/profile-form.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { getAccount } from "#lib/auth/account.ts";
import { listApiKeys } from "#lib/auth/api-keys.ts";
import { pageContext } from "#lib/web/require-actor.ts";

export const metadata: Metadata = { title: "Account" };

export default async function AccountPage() {
  const ctx = await pageContext();
  const [account, keys] = await Promise.all([getAccount(ctx), listApiKeys(ctx)]);
  return (
    <>
      <PageHeader title="Account" />
      <div className="flex flex-col gap-6">
        <div className="grid gap-6 lg:grid-cols-2">
          <ProfileForm name={account.name} email={account.email} save={saveAccount} />
          <PasswordForm hasPassword={account.hasPassword} save={savePassword} />
        </div>
        <ApiKeys keys={keys} create={makeApiKey} revoke={endApiKey} />
      </div>
    </>
  );
}
