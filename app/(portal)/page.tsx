import type { Metadata } from "next";
import Link from "next/link";
import { Plus } from "lucide-react";
import { DeploymentCards } from "#components/deployments/deployment-cards.tsx";
import { DeploymentTable } from "#components/deployments/deployment-table.tsx";
import { FlowPicture } from "#components/deployments/flow-picture.tsx";
import { ListControls } from "#components/deployments/list-controls.tsx";
import {
  firstPage,
  isFiltered,
  listHref,
  pageSize,
  readListQuery,
  type ListQuery,
} from "#components/deployments/list-query.ts";
import { LiveRefresh } from "#components/live/live-refresh.tsx";
import { targetFilters } from "#components/targets/target-words.ts";
import { buttonClass } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Pagination } from "#components/ui/pagination.tsx";
import { listDeployments, type DeploymentPage } from "#lib/deployments/list.ts";
import { routes } from "#lib/routes.ts";
import { listRegistered } from "#lib/targets/list-registered.ts";
import { pageContext } from "#lib/web/require-actor.ts";

export const metadata: Metadata = { title: "Deployments" };

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function DashboardPage({ searchParams }: Props) {
  const ctx = await pageContext();
  const targets = targetFilters(await listRegistered(ctx));
  const query = readListQuery(
    await searchParams,
    targets.map(({ value }) => value),
  );
  const page = await listDeployments(ctx, {
    search: query.search || undefined,
    status: query.status,
    target: query.target ?? undefined,
    sort: query.sort,
    direction: query.direction,
    cursor: query.after ?? undefined,
    limit: pageSize,
  });
  const nothingAtAll = page.total === 0 && !isFiltered(query);
  const destroyed = nothingAtAll ? await listDeployments(ctx, { status: "destroyed", limit: 1 }) : null;
  return (
    <>
      <LiveRefresh topics={["deployment", "operation"]} />
      <PageHeader title="Deployments" actions={!nothingAtAll && <NewButton />} />
      {nothingAtAll ? (
        <NothingLive destroyed={destroyed?.total ?? 0} />
      ) : (
        <List query={query} page={page} targets={targets} />
      )}
    </>
  );
}

type ListProps = { query: ListQuery; page: DeploymentPage; targets: ReturnType<typeof targetFilters> };

function List({ query, page, targets }: ListProps) {
  const shown = page.items.length;
  return (
    <div className="rounded-lg border bg-surface">
      <ListControls query={query} targets={targets} />
      {shown === 0 ? (
        <NothingFound query={query} />
      ) : (
        <>
          <div className="max-lg:hidden">
            <DeploymentTable deployments={page.items} query={query} />
          </div>
          <div className="lg:hidden">
            <DeploymentCards deployments={page.items} />
          </div>
        </>
      )}
      <Pagination
        from={query.from}
        shown={shown}
        total={page.total}
        what={page.total === 1 ? "deployment" : "deployments"}
        firstHref={query.after ? listHref(firstPage(query)) : null}
        nextHref={
          page.nextCursor ? listHref({ ...query, after: page.nextCursor, from: query.from + shown }) : null
        }
      />
    </div>
  );
}

function NothingFound({ query }: { query: ListQuery }) {
  return (
    <EmptyState
      title="No deployment matches"
      actions={
        <Link href={routes.dashboard} className={buttonClass()}>
          Show all live ones
        </Link>
      }
    >
      {query.search
        ? `Nothing here has “${query.search}” in its name, model or owner.`
        : "Try another filter."}
    </EmptyState>
  );
}

function NothingLive({ destroyed }: { destroyed: number }) {
  return (
    <div className="flex flex-col items-center gap-8 rounded-lg border bg-surface px-4 py-12">
      <FlowPicture />
      <div className="flex max-w-prose flex-col items-center gap-4 text-center">
        <h2 className="text-title font-semibold">
          {destroyed > 0 ? "Nothing is deployed now" : "Serve your first model"}
        </h2>
        <p className="text-muted">
          Choose a model and how far it may scale. Sluice starts its replicas, puts a load balancer before
          them and gives you an address to call. Tearing down leaves nothing behind.
        </p>
        <NewButton />
        {destroyed > 0 && (
          <Link href={`${routes.dashboard}?status=destroyed`} className="underline">
            {destroyed === 1 ? "A destroyed deployment" : `${destroyed} destroyed deployments`}, with{" "}
            {destroyed === 1 ? "its receipt" : "their receipts"}
          </Link>
        )}
      </div>
    </div>
  );
}

function NewButton() {
  return (
    <Link href={routes.newDeployment} className={buttonClass("primary")}>
      <Plus aria-hidden className="size-4" />
      New deployment
    </Link>
  );
}
