import { cx } from "#components/ui/class-names.ts";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { formatBytes, formatLatency } from "#components/ui/format.ts";
import { Panel } from "#components/ui/panel.tsx";
import { Table, Td, Th, Tr } from "#components/ui/table.tsx";
import { Age } from "#components/ui/time.tsx";
import type { RequestView } from "#lib/traffic/list-requests.ts";

const byProxy =
  "As the load balancer logged them. The figures count all but Sluice’s own requests (its check, the test console); this list has those too, and of many in a second only a part.";

const byGoogle = (share: number) =>
  `As Google’s load balancer logged them, ${Math.round(share * 100)} % of all, a minute or so late. It doesn’t tell which replica answered.`;

/** The newest requests as the load balancer logged them. */
export function RequestTable({
  requests,
  loggedByGoogle = null,
}: {
  requests: RequestView[];
  /** the share of requests that Google's load balancer logs, 0 to 1; null: HAProxy logs them */
  loggedByGoogle?: number | null;
}) {
  return (
    <Panel title="Recent requests" about={loggedByGoogle === null ? byProxy : byGoogle(loggedByGoogle)} flush>
      {requests.length === 0 ? (
        <EmptyState title={loggedByGoogle === 0 ? "Nothing is logged" : "No request yet"}>
          {loggedByGoogle === 0
            ? "Google’s load balancer logs no requests of this deployment: under Settings a share of them can be."
            : "Call it with one of the examples, or under Test."}
        </EmptyState>
      ) : (
        <Table label="Recent requests">
          <thead>
            <tr>
              <Th>When</Th>
              <Th>Request</Th>
              <Th>Status</Th>
              <Th>Replica</Th>
              <Th className="text-right">Queue</Th>
              <Th className="text-right">First byte</Th>
              <Th className="text-right">Total</Th>
              <Th className="text-right">Size</Th>
            </tr>
          </thead>
          <tbody>
            {requests.map((request) => (
              <Tr key={request.id}>
                <Td className="text-muted">
                  <Age at={request.at} suffix=" ago" />
                </Td>
                <Td className="code max-w-64 truncate" title={`${request.method} ${request.path}`}>
                  <span className="text-muted">{request.method}</span> {request.path}
                </Td>
                <Td className={cx("figures font-medium", statusTone(request.status))}>
                  {request.status < 0 ? "left" : request.status}
                </Td>
                <Td className="code whitespace-nowrap text-muted">{shortReplica(request.replicaId)}</Td>
                <Td className="figures text-right whitespace-nowrap text-muted">{part(request.queueMs)}</Td>
                <Td className="figures text-right whitespace-nowrap text-muted">
                  {part(request.responseMs)}
                </Td>
                <Td className="figures text-right whitespace-nowrap">{part(request.totalMs)}</Td>
                <Td className="figures text-right whitespace-nowrap text-muted">
                  {formatBytes(request.bytesOut)}
                </Td>
              </Tr>
            ))}
          </tbody>
        </Table>
      )}
    </Panel>
  );
}

/** -1: the request didn't get that far. */
function part(ms: number): string {
  return ms < 0 ? "–" : formatLatency(ms);
}

function statusTone(status: number): string {
  if (status >= 500 || status < 0) return "text-bad";
  return status >= 400 ? "text-warn" : "text-ok";
}

/** `<deployment>/<variant>/<ordinal>` without the deployment that the page is about; the name of a pod as it is. */
export function shortReplica(replicaId: string | null): string {
  return replicaId?.replace(/^[^/]*\//, "") ?? "none";
}
