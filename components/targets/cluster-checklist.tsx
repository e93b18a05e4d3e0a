import { checklist } from "#components/targets/checklist.ts";
import { ChecklistPanel } from "#components/targets/checklist-panel.tsx";
import type { Findings } from "#lib/targets/kubernetes/findings.ts";
import type { ClusterDetail } from "#lib/targets/target-view.ts";

/** What was found, point by point. */
export function ClusterChecklist({ detail, findings }: { detail: ClusterDetail; findings: Findings }) {
  return <ChecklistPanel title="What was found" items={checklist(detail, findings, Date.now())} />;
}
