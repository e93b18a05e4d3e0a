"use client";

import { Button } from "#components/ui/button.tsx";
import { ConfirmButton } from "#components/ui/confirm-button.tsx";
import { Pagination } from "#components/ui/pagination.tsx";
import { Panel } from "#components/ui/panel.tsx";
import { Table, Td, Th, Tr } from "#components/ui/table.tsx";
import { Age, TimeLeft } from "#components/ui/time.tsx";
import { useAct, type Answer } from "#components/ui/use-act.ts";
import type { PeoplePage } from "#lib/auth/people.ts";
import { routes } from "#lib/routes.ts";

type OnPerson = (id: string) => Promise<Answer>;

type Props = {
  page: PeoplePage;
  /** the place of the page's first person, from 1 */
  from: number;
  /** who looks: nobody shuts themselves out */
  me: string;
  disable: OnPerson;
  enable: OnPerson;
  takeBack: OnPerson;
};

/** Everybody who may sign in, and who was invited. */
export function PeopleTable({ page, from, me, disable, enable, takeBack }: Props) {
  const { people, invitations, nextCursor, total } = page;
  return (
    <Panel title="People" flush>
      <Table label="People" stacked>
        <thead>
          <tr>
            <Th>Name</Th>
            <Th>E-mail</Th>
            <Th>Role</Th>
            <Th>State</Th>
            <Th>Since</Th>
            <Th>
              <span className="sr-only">Actions</span>
            </Th>
          </tr>
        </thead>
        <tbody>
          {people.map((person) => (
            <Tr key={person.id} className="h-11">
              <Td className="font-medium whitespace-nowrap">
                {person.name}
                {person.id === me && <span className="ml-2 font-normal text-faint">you</span>}
              </Td>
              <Td>{person.email}</Td>
              <Td>{person.role}</Td>
              <Td className={person.disabledAt ? "text-muted" : ""}>
                {person.disabledAt ? "disabled" : "active"}
              </Td>
              <Td className="text-muted">
                <Age at={person.createdAt} suffix=" ago" />
              </Td>
              <Td className="text-right max-md:ml-auto">
                {person.id !== me &&
                  (person.disabledAt ? (
                    <Act
                      label="Enable"
                      name={person.name}
                      run={() => enable(person.id)}
                      done={`${person.name} may sign in again.`}
                    />
                  ) : (
                    <ConfirmButton
                      verb="Disable"
                      object={person.name}
                      run={() => disable(person.id)}
                      done={`${person.name} is signed out and can’t sign in.`}
                    >
                      Their sessions end; their keys, and invitations of theirs that nobody has used, open
                      nothing. Their deployments stay as they are.
                    </ConfirmButton>
                  ))}
              </Td>
            </Tr>
          ))}
          {invitations.map((invitation) => (
            <Tr key={invitation.id} className="h-11">
              <Td className="text-faint">not yet</Td>
              <Td>{invitation.email}</Td>
              <Td>{invitation.role}</Td>
              <Td className="whitespace-nowrap">
                invited, <TimeLeft until={invitation.expiresAt} /> left
              </Td>
              <Td className="text-muted">
                <Age at={invitation.createdAt} suffix=" ago" />
              </Td>
              <Td className="text-right max-md:ml-auto">
                <Act
                  label="Take back"
                  name={`the invitation of ${invitation.email}`}
                  run={() => takeBack(invitation.id)}
                  done="The invitation opens nothing any more."
                />
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
      {(from > 1 || nextCursor) && (
        <Pagination
          from={from}
          shown={people.length}
          total={total}
          what="people"
          firstHref={from > 1 ? routes.people : null}
          nextHref={nextCursor ? `${routes.people}?after=${nextCursor}&from=${from + people.length}` : null}
        />
      )}
    </Panel>
  );
}

function Act(props: { label: string; name: string; run: () => Promise<Answer>; done: string }) {
  const { pending, act } = useAct();
  return (
    <Button
      size="small"
      pending={pending}
      aria-label={`${props.label} ${props.name}`}
      onClick={() => act(props.run, props.done)}
    >
      {props.label}
    </Button>
  );
}
