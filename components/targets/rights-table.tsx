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
        <Table label="Rights" stacked>
          <thead>
            <tr>
              <Th>Resource</Th>
              <Th>May not</Th>
              <Th>May</Th>
              <Th>Needed to</Th>
            </tr>
          </thead>
          <tbody>
            {missingFirst(findings.rights).map(({ group, resource, need, allowed, denied }) => (
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
                <Td head="May not" className="code text-bad max-md:basis-full">
                  {denied.join(", ")}
                </Td>
                <Td head="May" className="code text-muted max-md:basis-full">
                  {allowed.join(", ")}
                </Td>
                <Td head="Needed to" className="text-muted max-md:basis-full">
                  {whyOf(group, resource)}
                </Td>
              </Tr>
            ))}
          </tbody>
        </Table>
      </Disclosure>
    </Panel>
  );
}

/** What stops every deployment, then what stops some, then what is there. */
function missingFirst(found: Findings["rights"]): Findings["rights"] {
  const rank = ({ need, denied }: Findings["rights"][number]) =>
    denied.length === 0 ? 2 : need === "always" ? 0 : 1;
  return found.toSorted((a, b) => rank(a) - rank(b));
}

function whyOf(group: string, resource: string): string {
  return rights.find((right) => right.group === group && right.resource === resource)?.why ?? "";
}
