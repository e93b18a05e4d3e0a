import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { disable, enable, invitePerson, takeBackInvitation } from "#app/(portal)/people/actions.ts";
import { InviteForm } from "#components/people/invite-form.tsx";
import { PeopleTable } from "#components/people/people-table.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { listPeople } from "#lib/auth/people.ts";
import { pageContext, requireActor } from "#lib/web/require-actor.ts";

export const metadata: Metadata = { title: "People" };

type Props = { searchParams: Promise<{ after?: string | string[]; from?: string | string[] }> };

export default async function PeoplePage({ searchParams }: Props) {
  const me = await requireActor();
  if (me.role !== "admin") notFound();
  const { after, from } = await searchParams;
  const cursor = typeof after === "string" && after !== "" ? after.slice(0, 40) : undefined;
  const place = Number(from);
  const page = await listPeople(await pageContext(), { cursor });
  return (
    <>
      <PageHeader
        title="People"
        about="Who may sign in. Members see their own deployments; admins see all."
      />
      <div className="flex flex-col gap-6">
        <InviteForm invite={invitePerson} />
        <PeopleTable
          page={page}
          from={cursor !== undefined && Number.isInteger(place) && place > 1 ? place : 1}
          me={me.id}
          disable={disable}
          enable={enable}
          takeBack={takeBackInvitation}
        />
      </div>
    </>
  );
}
