import type { ReactNode } from "react";
import Link from "next/link";
import { ClusterState } from "#components/targets/cluster-state.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Panel } from "#components/ui/panel.tsx";
import { Age } from "#components/ui/time.tsx";
import { routes } from "#lib/routes.ts";
import type { TargetView } from "#lib/targets/target-view.ts";

type ListProps = {
  title: string;
  about: string;
  /** its title says that there is none, its text how to get one */
  empty: { title: string; text: string };
  list: TargetView[];
  row: (target: TargetView) => ReactNode;
};

/** The registered targets of one kind. */
export function RegisteredList({ title, about, empty, list, row }: ListProps) {
  return (
    <Panel title={title} about={about} flush>
      {list.length === 0 ? (
        <EmptyState title={empty.title}>{empty.text}</EmptyState>
      ) : (
        <ul className="divide-y border-t">{list.map(row)}</ul>
      )}
    </Panel>
  );
}

type RowProps = {
  target: TargetView;
  /** what is registered there */
  registered: Parameters<typeof ClusterState>[0]["cluster"] & { id: string };
  children: ReactNode;
};

/** One of them: its name, how it is, when that was checked, and what else there is to say. */
export function RegisteredRow({ target: { title, checkedAt }, registered, children }: RowProps) {
  return (
    <li className="flex flex-col gap-1 p-4">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <h3 className="min-w-0 font-medium break-words">
          <Link href={routes.target(registered.id)} className="text-accent hover:underline">
            {title}
          </Link>
        </h3>
        <ClusterState cluster={registered} />
        {checkedAt && (
          <span className="ml-auto text-small text-faint">
            Checked <Age at={checkedAt} suffix=" ago" />
          </span>
        )}
      </div>
      {children}
    </li>
  );
}
