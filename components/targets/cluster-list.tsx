import Link from "next/link";
import { lacksInWords, offersInShort } from "#components/targets/cluster-words.ts";
import { RegisteredList, RegisteredRow } from "#components/targets/registered-list.tsx";
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
    <RegisteredList
      title="Kubernetes clusters"
      about="Replicas are pods in namespaces of their own"
      empty={{
        title: "No cluster yet",
        text: admin
          ? "Add one by its kubeconfig. It is checked at once: what it offers, and what is missing."
          : "An admin can add one by its kubeconfig.",
      }}
      list={list}
      row={(target) => <Row key={target.name} target={target} />}
    />
  );
}

function Row({ target }: { target: TargetView }) {
  const { cluster } = target;
  if (!cluster) return null;
  const { offers, trouble, detail } = cluster;
  // Only admins see what was found; for everybody else the reason says whom to ask.
  const lacks = detail?.findings && !refuseOldVersion(detail.findings) && lacksInWords(detail.findings);
  return (
    <RegisteredRow target={target} registered={cluster}>
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
    </RegisteredRow>
  );
}
