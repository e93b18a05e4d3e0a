import { Callout } from "#components/ui/callout.tsx";
import { missingRights } from "#lib/targets/kubernetes/findings.ts";
import type { ClusterView, TargetView } from "#lib/targets/target-view.ts";

type Props = { target: TargetView; cluster: ClusterView };

/** What the last check comes to, in a sentence or two, and what to do about it. */
export function ClusterVerdict({ target, cluster }: Props) {
  const found = cluster.detail?.findings ?? null;
  if (cluster.state === "unchecked") {
    return (
      <Callout tone="busy" title="It is being looked at">
        Whether it answers, what Sluice may do there, what fits on its nodes. That takes a few seconds; what
        was found appears here by itself.
      </Callout>
    );
  }
  if (cluster.state === "ready") {
    return target.refusal ? (
      <Callout tone="ok" title="Everything that a deployment needs is there">
        {target.refusal}
      </Callout>
    ) : (
      <Callout tone="ok" title="Everything that a deployment needs is there" />
    );
  }
  const missing = found ? missingRights(found, "always") : [];
  if (found?.trouble) {
    return (
      <Callout tone="bad" title={found.trouble.message}>
        {found.trouble.todo} <Code code={found.trouble.code} />
      </Callout>
    );
  }
  if (missing.length > 0) {
    return (
      <Callout
        tone="bad"
        title={`Sluice lacks ${missing.length} ${missing.length === 1 ? "right" : "rights"}`}
      >
        {missing.slice(0, 6).join(", ")}
        {missing.length > 6 && ` and ${missing.length - 6} more`}. Bind the account of the kubeconfig to a
        role that has them; the form for a new cluster shows one. Then check again.
      </Callout>
    );
  }
  return <Callout tone="bad" title={cluster.trouble ?? "It can’t be used now"} />;
}

function Code({ code }: { code: string }) {
  return <span className="code text-faint">{code}</span>;
}
