import Link from "next/link";
import { ArrowDown, ArrowUp } from "lucide-react";
import { Sparkline } from "#components/charts/sparkline.tsx";
import { EndpointOrReason } from "#components/deployments/endpoint-or-reason.tsx";
import { listHref, sortedBy, type ListQuery, type Sort } from "#components/deployments/list-query.ts";
import { modelWords } from "#components/deployments/model-words.ts";
import { ReplicaCount } from "#components/deployments/replica-count.tsx";
import { StatusPill } from "#components/deployments/status-pill.tsx";
import { targetWords } from "#components/targets/target-words.ts";
import { cx } from "#components/ui/class-names.ts";
import { formatRate, formatShare } from "#components/ui/format.ts";
import { Table, Td, Th, Tr } from "#components/ui/table.tsx";
import { Age, TimeLeft } from "#components/ui/time.tsx";
import { notMeasured } from "#components/traffic/not-measured.tsx";
import type { DeploymentView } from "#lib/deployments/view.ts";
import { routes } from "#lib/routes.ts";

/** Every deployment in one line; what matters most stands first. */
export function DeploymentTable({ deployments, query }: { deployments: DeploymentView[]; query: ListQuery }) {
  return (
    <Table label="Deployments">
      <thead>
        <tr>
          <SortHead sort="name" query={query}>
            Deployment
          </SortHead>
          <SortHead sort="status" query={query}>
            Status
          </SortHead>
          <Th>Endpoint</Th>
          <Th>Replicas</Th>
          <Th>Requests/s</Th>
          <Th title={errorsMeaning}>Errors</Th>
          <SortHead sort="createdAt" query={query}>
            Age
          </SortHead>
        </tr>
      </thead>
      <tbody>
        {deployments.map((deployment) => (
          <DeploymentRow key={deployment.id} deployment={deployment} />
        ))}
      </tbody>
    </Table>
  );
}

function DeploymentRow({ deployment }: { deployment: DeploymentView }) {
  const { traffic, replicas } = deployment;
  const gone = deployment.status === "destroyed";
  return (
    <Tr className="hover:bg-sunken/60">
      <Td className="max-w-64 2xl:max-w-80">
        <Link
          href={routes.deployment(deployment.id)}
          className="block truncate rounded-sm font-medium text-ink hover:text-accent-strong hover:underline"
        >
          {deployment.name}
        </Link>
        <ModelAndPlace deployment={deployment} />
      </Td>
      <Td>
        <StatusPill status={deployment.status} code={deployment.statusCode} />
      </Td>
      <Td className="max-w-60 2xl:max-w-72">
        {gone ? <span className="text-faint">–</span> : <EndpointOrReason deployment={deployment} />}
      </Td>
      <Td>{gone ? <span className="text-faint">–</span> : <ReplicaCount {...replicas} />}</Td>
      <Td>
        <span className="flex items-center gap-3">
          <span className="min-w-12 text-right">
            <RequestRate {...traffic} />
          </span>
          {!gone && traffic.sparkline.length > 0 && (
            <Sparkline values={traffic.sparkline} name={deployment.name} />
          )}
        </span>
      </Td>
      <Td>
        <ErrorShare {...traffic} />
      </Td>
      <Td className="text-muted">
        <Age at={deployment.createdAt} ended={deployment.destroyedAt} />
        {deployment.expiresAt && !gone && (
          <span className="block text-small whitespace-nowrap text-faint">
            <TimeLeft until={deployment.expiresAt} /> left
          </span>
        )}
      </Td>
    </Tr>
  );
}

/** What runs and where; of an image's name what isn't its registry. That may be cut off; the place never is. */
export function ModelAndPlace({ deployment: { models, target } }: { deployment: DeploymentView }) {
  const words = modelWords(models);
  return (
    <span className="flex text-small font-normal text-faint">
      <span title={words} className="min-w-0 truncate">
        {words.slice(words.lastIndexOf("/") + 1)}
      </span>
      <span className="max-w-3/5 shrink-0 truncate whitespace-pre"> · {targetWords(target)}</span>
    </span>
  );
}

/** Requests per second over the last minute. */
export function RequestRate({ requests, requestsPerSecond }: DeploymentView["traffic"]) {
  if (requests === null) return <Unmeasured />;
  return <span className="figures">{formatRate(requestsPerSecond)}</span>;
}

function Unmeasured() {
  return (
    <span title={notMeasured} className="text-small whitespace-nowrap text-faint">
      not measured<span className="sr-only"> by this load balancer</span>
    </span>
  );
}

/** What the word means here: it is said wherever it heads figures. */
export const errorsMeaning =
  "Answers of 400 and above in the last hour. Red where some of them were 500 or above, or broken off: the servers’ fault. Amber where all were the callers’.";

/** The share of errors over the last hour, and the figures behind it. Red: the server's own, not the caller's. */
export function ErrorShare({ errorRate, errors, serverErrors, requests }: DeploymentView["traffic"]) {
  // That they aren't measured stands beside it, with the requests.
  if (requests === null || errors === null || serverErrors === null || errorRate === null)
    return <span className="text-muted">–</span>;
  const counted = `${errors.toLocaleString("en")} of ${requests.toLocaleString("en")}`;
  const whose =
    serverErrors > 0 ? `, ${serverErrors.toLocaleString("en")} servers’` : errors > 0 ? ", all 4xx" : "";
  const tone = serverErrors > 0 ? "text-bad" : errors > 0 ? "text-warn" : "text-muted";
  return (
    <span
      title={`${counted} requests in the last hour were answered with 400 or above, ${serverErrors.toLocaleString("en")} of them by the servers’ fault (500 or above, or broken off)`}
      className="figures block whitespace-nowrap"
    >
      <span className={cx("block", tone, errors > 0 && "font-medium")}>{formatShare(errorRate)}</span>
      <span className="block text-small text-faint">
        {counted}
        {whose}
      </span>
    </span>
  );
}

function SortHead({ sort, query, children }: { sort: Sort; query: ListQuery; children: string }) {
  const active = query.sort === sort;
  const Icon = query.direction === "desc" ? ArrowDown : ArrowUp;
  return (
    <Th aria-sort={active ? (query.direction === "desc" ? "descending" : "ascending") : undefined}>
      <Link
        href={listHref(sortedBy(query, sort))}
        scroll={false}
        className={cx("inline-flex items-center gap-1 rounded-sm hover:text-ink", active && "text-ink")}
      >
        {children}
        {active && <Icon aria-hidden className="size-3" />}
      </Link>
    </Th>
  );
}
