import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { disable, enable, invitePerson, takeBackInvitation } from "#app/(portal)/people/actions.ts";
import { InviteForm } from "#components/people/invite-form.tsx";
import { PeopleTable } from "#components/people/people-table.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { listPeople } from "#lib/auth/people.ts";
import { pageContext, requireActor } from "#lib/web/require-actor.ts";

export const metadata: Metadata = { title: "People" };

export default async function PeoplePage() {
  const me = await requireActor();
  if (me.role !== "admin") notFound();
  const { people, invitations } = await listPeople(await pageContext());
  return (
    <>
      <PageHeader
        title="People"
        about="Who may sign in. Members see their own deployments; admins see all."
      />
      <div className="flex flex-col gap-6">
        <InviteForm invite={invitePerson} />
        <PeopleTable
          people={people}
          invitations={invitations}
          me={me.id}
          disable={disable}
          enable={enable}
          takeBack={takeBackInvitation}
        />
      </div>
    </>
  );
}
