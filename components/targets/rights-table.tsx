import { CircleAlert, CircleCheck } from "lucide-react";
import { Disclosure } from "#components/ui/disclosure.tsx";
import { Panel } from "#components/ui/panel.tsx";
import { Table, Td, Th, Tr } from "#components/ui/table.tsx";
import { missingRights, type Findings } from "#lib/targets/kubernetes/findings.ts";
import { rights } from "#lib/targets/kubernetes/rights.ts";

/** Every right that was asked for, closed until somebody wants to know. */
export function RightsTable({ findings }: { findings: Findings }) {
  const missing = missingRights(findings, "always").length + missingRights(findings, "gateway").length;
  return (
    <Panel>
      <Disclosure title="Rights, one by one" summary={missing === 0 ? "all there" : `${missing} missing`}>
        <Table label="Rights">
          <thead>
            <tr>
              <Th>Resource</Th>
              <Th>May</Th>
              <Th>May not</Th>
              <Th>Needed to</Th>
            </tr>
          </thead>
          <tbody>
            {findings.rights.map(({ group, resource, need, allowed, denied }) => (
              <Tr key={`${group}/${resource}`}>
                <Td className="whitespace-nowrap">
                  <span className="flex items-center gap-2">
                    {denied.length === 0 ? (
                      <CircleCheck aria-hidden className="size-4 text-ok" />
                    ) : (
                      <CircleAlert
                        aria-hidden
                        className={need === "always" ? "size-4 text-bad" : "size-4 text-warn"}
                      />
                    )}
                    <span className="code">{resource}</span>
                  </span>
                  {group && <span className="block pl-6 text-small text-faint">{group}</span>}
                </Td>
                <Td className="code text-muted">{allowed.join(", ")}</Td>
                <Td className="code text-bad">{denied.join(", ")}</Td>
                <Td className="text-muted">{whyOf(group, resource)}</Td>
              </Tr>
            ))}
          </tbody>
        </Table>
      </Disclosure>
    </Panel>
  );
}

function whyOf(group: string, resource: string): string {
  return rights.find((right) => right.group === group && right.resource === resource)?.why ?? "";
}
