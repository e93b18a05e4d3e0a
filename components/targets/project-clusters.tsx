import { Ban, CircleCheck } from "lucide-react";
import { Todo } from "#components/targets/todo.tsx";
import { Panel } from "#components/ui/panel.tsx";
import type { ProjectOffers } from "#lib/targets/gke/project-view.ts";

type Props = Pick<ProjectOffers, "clusters">;

/** The clusters that are there already, and why one can't be used. */
export function ProjectClusters({ clusters }: Props) {
  if (clusters.length === 0) return null;
  return (
    <Panel title="Existing clusters" about="A deployment may go into one of these; it is never changed" flush>
      <ul className="divide-y border-t">
        {clusters.map((cluster) => (
          <li key={`${cluster.location}/${cluster.name}`} className="flex gap-3 p-4">
            {cluster.problems.length === 0 ? (
              <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-ok" />
            ) : (
              <Ban aria-hidden className="mt-0.5 size-4 shrink-0 text-faint" />
            )}
            <div className="min-w-0 flex-1">
              <h3 className="font-medium break-words">
                {cluster.name}
                <span className="sr-only">
                  : {cluster.problems.length === 0 ? "can be used" : "can’t be used"}
                </span>
              </h3>
              <p className="text-small text-muted">
                {[cluster.location, cluster.version && `Kubernetes ${cluster.version}`]
                  .filter(Boolean)
                  .join(" · ")}
              </p>
              {cluster.problems.map(({ code, message, todo }) => (
                <div key={code} className="mt-2">
                  <p className="break-words">{message}</p>
                  <div className="text-muted">
                    <Todo text={todo} link={null} />
                  </div>
                </div>
              ))}
            </div>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
