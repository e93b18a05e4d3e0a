import Link from "next/link";
import { missingInWords } from "#components/targets/cluster-words.ts";
import { MissingToolNote } from "#components/targets/missing-tool-note.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { missingRights } from "#lib/targets/kubernetes/findings.ts";
import { refuseOldVersion } from "#lib/targets/kubernetes/refuse-old-version.ts";
import { routes } from "#lib/routes.ts";
import type { ToolView } from "#lib/targets/list-tools.ts";
import type { ClusterView, TargetView } from "#lib/targets/target-view.ts";

type Props = {
  target: TargetView;
  cluster: ClusterView;
  /** what of the engine isn't there, so that nothing begins on any cluster */
  missing: ToolView | null;
};

/** What the last check comes to, in a sentence or two, and what to do about it. */
export function ClusterVerdict({ target, cluster, missing: tool }: Props) {
  const found = cluster.detail?.findings ?? null;
  if (cluster.state === "unchecked") {
    return (
      <Callout tone="busy" title="It is being looked at">
        Whether it answers, what Sluice may do there, what fits on its nodes. That takes a few seconds; what
        was found appears here by itself.
      </Callout>
    );
  }
  if (cluster.state === "ready" && tool) return <MissingToolNote missing={tool} />;
  if (cluster.state === "ready") {
    return target.refusal ? (
      <Callout tone="ok" title="Everything that a deployment needs is there">
        {target.refusal}
      </Callout>
    ) : (
      <Callout tone="ok" title="Everything that a deployment needs is there" />
    );
  }
  const missing = found ? missingRights(found, "always").length : 0;
  if (found?.trouble) {
    return (
      <Callout tone="bad" title={found.trouble.message}>
        {found.trouble.todo} <Code code={found.trouble.code} />
      </Callout>
    );
  }
  const old = found && refuseOldVersion(found);
  if (old) {
    return (
      <Callout tone="bad" title={old.message}>
        {old.todo}
      </Callout>
    );
  }
  if (found && missing > 0) {
    return (
      <Callout tone="bad" title={`Sluice lacks ${missing} ${missing === 1 ? "right" : "rights"}`}>
        Missing: {missingInWords(found, "always").join("; ")}. Bind the account of the kubeconfig to a role
        that has them, such as the one{" "}
        <Link href={routes.newTarget} className="text-accent underline">
          under the form for a new cluster
        </Link>
        . Then check again.
      </Callout>
    );
  }
  return <Callout tone="bad" title={cluster.trouble ?? "It can’t be used now"} />;
}

function Code({ code }: { code: string }) {
  return <span className="code text-faint">{code}</span>;
}
