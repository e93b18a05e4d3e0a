import { ChecklistPanel } from "#components/targets/checklist-panel.tsx";
import { projectChecklist } from "#components/targets/project-checklist.ts";
import { ProjectApis } from "#components/targets/project-apis.tsx";
import { ProjectClusters } from "#components/targets/project-clusters.tsx";
import { ProjectGaps } from "#components/targets/project-gaps.tsx";
import { ProjectIdentity } from "#components/targets/project-identity.tsx";
import { ProjectMachines } from "#components/targets/project-machines.tsx";
import { ProjectQuotas } from "#components/targets/project-quotas.tsx";
import { ProjectRights } from "#components/targets/project-rights.tsx";
import type { ProjectView } from "#lib/targets/gke/project-view.ts";

/** What a check found of a Google project: what can be deployed there first, then what it is made of. */
export function ProjectFound({ project }: { project: ProjectView }) {
  const { offers, detail } = project;
  if (!offers) return null;
  const findings = detail?.findings;
  return (
    <>
      {findings && (
        <>
          <ProjectGaps findings={findings} />
          <ChecklistPanel title="What can be deployed" items={projectChecklist(detail.settings, findings)} />
          <div className="grid items-start gap-6 lg:grid-cols-2">
            <ProjectIdentity settings={detail.settings} findings={findings} />
            <ProjectApis apis={findings.apis} />
          </div>
          <ProjectQuotas quotas={findings.quotas} />
        </>
      )}
      <ProjectClusters clusters={offers.clusters} />
      <ProjectMachines
        zones={offers.zones}
        machineTypes={offers.machineTypes}
        accelerators={offers.accelerators}
      />
      {findings && <ProjectRights rights={findings.rights} />}
    </>
  );
}
