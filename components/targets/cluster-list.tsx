import Link from "next/link";
import { ClusterState } from "#components/targets/cluster-state.tsx";
import { lacksInWords, offersInShort } from "#components/targets/cluster-words.ts";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Panel } from "#components/ui/panel.tsx";
import { Age } from "#components/ui/time.tsx";
import { refuseOldVersion } from "#lib/targets/kubernetes/refuse-old-version.ts";
import { routes } from "#lib/routes.ts";
import type { TargetView } from "#lib/targets/target-view.ts";

type Props = {
  list: TargetView[];
  admin: boolean;
};

/** The registered clusters, with how each is and what it offers. */
export function ClusterList({ list, admin }: Props) {
  return (
    <Panel title="Kubernetes clusters" about="Replicas are pods in namespaces of their own" flush>
      {list.length === 0 ? (
        <EmptyState title="No cluster yet">
          {admin
            ? "Add one by its kubeconfig. It is checked at once: what it offers, and what is missing."
            : "An admin can add one by its kubeconfig."}
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

function Row({ target: { title, cluster, checkedAt } }: { target: TargetView }) {
  if (!cluster) return null;
  const { offers, trouble, detail } = cluster;
  // Only admins see what was found; for everybody else the reason says whom to ask.
  const lacks = detail?.findings && !refuseOldVersion(detail.findings) && lacksInWords(detail.findings);
  return (
    <li className="flex flex-col gap-1 p-4">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <h3 className="min-w-0 font-medium break-words">
          <Link href={routes.target(cluster.id)} className="text-accent hover:underline">
            {title}
          </Link>
        </h3>
        <ClusterState cluster={cluster} />
        {checkedAt && (
          <span className="ml-auto text-small text-faint">
            Checked <Age at={checkedAt} suffix=" ago" />
          </span>
        )}
      </div>
      {detail && <p className="code break-all text-muted">{detail.server}</p>}
      {lacks ? (
        <p className="text-bad">
          {lacks}.{" "}
          <Link href={routes.target(cluster.id)} className="underline">
            What to do
          </Link>
        </p>
      ) : (
        trouble && <p className="text-bad">{trouble}</p>
      )}
      {offers && <p className="figures text-muted">{offersInShort(offers).join(" · ")}</p>}
    </li>
  );
}
