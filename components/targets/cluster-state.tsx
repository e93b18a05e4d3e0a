import { CircleAlert, CircleCheck, CircleDashed, LoaderCircle } from "lucide-react";
import { cx } from "#components/ui/class-names.ts";
import type { ClusterView } from "#lib/targets/target-view.ts";

const looks = {
  checking: { Icon: LoaderCircle, tone: "text-busy animate-spin", word: "Being checked" },
  unchecked: { Icon: CircleDashed, tone: "text-faint", word: "Not checked yet" },
  ready: { Icon: CircleCheck, tone: "text-ok", word: "Ready" },
  trouble: { Icon: CircleAlert, tone: "text-bad", word: "Needs attention" },
} as const;

/** How a cluster is, in one word. */
export function ClusterState({ cluster }: { cluster: Pick<ClusterView, "state" | "checking"> }) {
  const { Icon, tone, word } = looks[cluster.checking ? "checking" : cluster.state];
  return (
    <span className="inline-flex items-center gap-1.5 font-medium whitespace-nowrap text-ink" role="status">
      <Icon aria-hidden className={cx("size-4", tone)} />
      {word}
    </span>
  );
}
