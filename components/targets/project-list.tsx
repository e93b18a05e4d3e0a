import Link from "next/link";
import { ClusterState } from "#components/targets/cluster-state.tsx";
import { projectInShort, projectStop } from "#components/targets/project-words.ts";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Panel } from "#components/ui/panel.tsx";
import { Age } from "#components/ui/time.tsx";
import { routes } from "#lib/routes.ts";
import type { TargetView } from "#lib/targets/target-view.ts";

type Props = {
  list: TargetView[];
  admin: boolean;
};

/** The registered Google projects, with how each is and what it offers. */
export function ProjectList({ list, admin }: Props) {
  return (
    <Panel title="Google projects" about="A GKE cluster and Google’s load balancer for each deployment" flush>
      {list.length === 0 ? (
        <EmptyState title="No Google project yet">
          {admin
            ? "Add one by a service account’s key, or by the worker’s own account. It is checked at once: APIs, rights, quotas, machines."
            : "An admin can add one."}
        </EmptyState>
      ) : (
        <ul className="divide-y border-t">
          {list.map((target) => (
            <Row key={target.name} target={target} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Row({ target: { title, project, checkedAt } }: { target: TargetView }) {
  if (!project) return null;
  const { offers, detail } = project;
  const stop = projectStop(project);
  return (
    <li className="flex flex-col gap-1 p-4">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <h3 className="min-w-0 font-medium break-words">
          <Link href={routes.target(project.id)} className="text-accent hover:underline">
            {title}
          </Link>
        </h3>
        <ClusterState cluster={project} />
        {checkedAt && (
          <span className="ml-auto text-small text-faint">
            Checked <Age at={checkedAt} suffix=" ago" />
          </span>
        )}
      </div>
      {stop && (
        <p className="break-words text-bad">
          {stop}{" "}
          {detail && (
            <Link href={routes.target(project.id)} className="underline">
              What to do
            </Link>
          )}
        </p>
      )}
      <p className="figures break-words text-muted">
        {detail && <span className="code break-all">{detail.settings.project}</span>}
        {detail && offers && " · "}
        {offers && projectInShort(offers, stop !== null).join(" · ")}
      </p>
    </li>
  );
}
