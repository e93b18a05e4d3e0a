import { Fragment } from "react";
import { Circle, CircleAlert, CircleCheck, CircleMinus, LoaderCircle, RotateCw } from "lucide-react";
import { cx } from "#components/ui/class-names.ts";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Panel } from "#components/ui/panel.tsx";
import { Table, Td, Th, Tr } from "#components/ui/table.tsx";
import { Age } from "#components/ui/time.tsx";
import type { ReplicaState, ReplicaView } from "#lib/replicas/list.ts";

const states: Record<ReplicaState, { Icon: typeof Circle; tone: string }> = {
  starting: { Icon: LoaderCircle, tone: "text-busy" },
  ready: { Icon: CircleCheck, tone: "text-ok" },
  unhealthy: { Icon: CircleAlert, tone: "text-bad" },
  draining: { Icon: CircleMinus, tone: "text-muted" },
  restarting: { Icon: RotateCw, tone: "text-warn" },
  stopped: { Icon: Circle, tone: "text-faint" },
};

/** Each replica with its process, or in a cluster with its pod. */
export function ReplicaTable({ replicas, areProcesses }: { replicas: ReplicaView[]; areProcesses: boolean }) {
  return (
    <Panel title="Replicas" flush>
      {replicas.length === 0 ? (
        <EmptyState title="No replica runs">They show here as soon as they are started.</EmptyState>
      ) : (
        <Table label="Replicas">
          <thead>
            <tr>
              <Th>Replica</Th>
              <Th>State</Th>
              {areProcesses ? <Th className="text-right">Pid</Th> : <Th>Pod</Th>}
              <Th className="text-right">Restarts</Th>
              {areProcesses && <Th className="text-right">In flight</Th>}
              <Th className="text-right">Age</Th>
            </tr>
          </thead>
          <tbody>
            {replicas.map((replica) => {
              const { Icon, tone } = states[replica.state];
              const said = replica.message;
              return (
                <Fragment key={replica.id}>
                  <Tr className={cx(said && "border-b-0")}>
                    <Td className="code whitespace-nowrap">
                      {replica.variant}/{replica.ordinal}
                    </Td>
                    <Td>
                      <span className="flex items-center gap-1.5">
                        <Icon aria-hidden className={cx("size-4", tone)} />
                        {replica.state}
                      </span>
                    </Td>
                    {areProcesses ? (
                      <Td className="figures text-right">{replica.pid ?? "–"}</Td>
                    ) : (
                      <Td className="min-w-40 wrap-anywhere sm:min-w-56">
                        <span className="code">{replica.pod ?? "–"}</span>
                        <span className="block text-small text-faint">
                          {replica.node ? `on ${replica.node}` : "on no node yet"}
                        </span>
                      </Td>
                    )}
                    <Td
                      className={cx("figures text-right", replica.restarts > 0 && "font-semibold text-warn")}
                    >
                      {replica.restarts}
                    </Td>
                    {areProcesses && <Td className="figures text-right">{replica.inFlight ?? "–"}</Td>}
                    <Td className="text-right text-muted">
                      {replica.startedAt ? <Age at={replica.startedAt} /> : "–"}
                    </Td>
                  </Tr>
                  {said && (
                    <Tr>
                      <Td colSpan={areProcesses ? 6 : 5} className="pt-0">
                        {/* On a phone, where the table scrolls sideways, it stays in sight whole. */}
                        <p className="text-small wrap-anywhere text-muted max-sm:sticky max-sm:left-4 max-sm:max-w-[calc(100vw-5rem)]">
                          {said}
                        </p>
                      </Td>
                    </Tr>
                  )}
                </Fragment>
              );
            })}
          </tbody>
        </Table>
      )}
    </Panel>
  );
}
