import { CircleAlert, CircleCheck } from "lucide-react";
import { Disclosure } from "#components/ui/disclosure.tsx";
import { Panel } from "#components/ui/panel.tsx";
import { Table, Td, Th, Tr } from "#components/ui/table.tsx";
import type { ProjectFindings } from "#lib/targets/gke/findings.ts";

type Right = NonNullable<ProjectFindings["rights"]>[number];

/** Every right that was asked for, by the role that has it; closed until somebody wants to know. */
export function ProjectRights({ rights }: Pick<ProjectFindings, "rights">) {
  if (!rights)
    return (
      <Panel title="Rights">
        <p className="text-muted">Google doesn’t say what the account may do.</p>
      </Panel>
    );
  const missing = rights.flatMap(({ denied }) => denied).length;
  return (
    <Panel>
      <Disclosure title="Rights, role by role" summary={missing === 0 ? "all there" : `${missing} missing`}>
        <Table label="Rights" stacked>
          <thead>
            <tr>
              <Th>Role</Th>
              <Th>Missing of it</Th>
              <Th>Needed to</Th>
            </tr>
          </thead>
          <tbody>
            {missingFirst(rights).map((right) => (
              <Role key={right.role} right={right} />
            ))}
          </tbody>
        </Table>
      </Disclosure>
    </Panel>
  );
}

function Role({ right: { role, title, need, why, denied } }: { right: Right }) {
  const isThere = denied.length === 0;
  return (
    <Tr>
      <Td>
        <span className="flex items-center gap-2">
          {isThere ? (
            <CircleCheck aria-hidden className="size-4 shrink-0 text-ok" />
          ) : (
            <CircleAlert
              aria-hidden
              className={need === "always" ? "size-4 shrink-0 text-bad" : "size-4 shrink-0 text-warn"}
            />
          )}
          {title}
        </span>
        <span className="code block pl-6 break-all text-faint">{role}</span>
      </Td>
      <Td head="Missing of it" className="max-md:basis-full">
        {isThere ? (
          <span className="text-muted">nothing</span>
        ) : (
          <ul>
            {denied.map((permission) => (
              <li key={permission} className="code break-all text-bad">
                {permission}
              </li>
            ))}
          </ul>
        )}
      </Td>
      <Td head="Needed to" className="text-muted max-md:basis-full">
        {why}
        {need !== "always" && <span className="block text-small text-faint">can do without</span>}
      </Td>
    </Tr>
  );
}

/** What stops every deployment, then what stops some, then what is there. */
function missingFirst(rights: Right[]): Right[] {
  const rank = ({ need, denied }: Right) => (denied.length === 0 ? 2 : need === "always" ? 0 : 1);
  return rights.toSorted((one, other) => rank(one) - rank(other));
}
