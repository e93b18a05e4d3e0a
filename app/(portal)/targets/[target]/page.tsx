import type { Metadata } from "next";
import { notFound, redirect } from "next/navigation";
import { cache } from "react";
import { change, check, remove } from "#app/(portal)/targets/actions.ts";
import { LiveRefresh } from "#components/live/live-refresh.tsx";
import { CheckButton } from "#components/targets/check-button.tsx";
import { ClusterChecklist } from "#components/targets/cluster-checklist.tsx";
import { ClusterManagement } from "#components/targets/cluster-management.tsx";
import { ClusterNodes } from "#components/targets/cluster-nodes.tsx";
import { ClusterOffersPanel } from "#components/targets/cluster-offers.tsx";
import { ClusterState } from "#components/targets/cluster-state.tsx";
import { ClusterVerdict } from "#components/targets/cluster-verdict.tsx";
import { ProjectFound } from "#components/targets/project-found.tsx";
import { ProjectManagement } from "#components/targets/project-management.tsx";
import { ProjectVerdict } from "#components/targets/project-verdict.tsx";
import { RightsTable } from "#components/targets/rights-table.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Age } from "#components/ui/time.tsx";
import { SluiceError } from "#lib/errors.ts";
import { routes } from "#lib/routes.ts";
import { getTarget } from "#lib/targets/get-target.ts";
import { missingTool } from "#lib/targets/missing-tool.ts";
import type { ProjectView } from "#lib/targets/gke/project-view.ts";
import type { ClusterView, TargetView } from "#lib/targets/target-view.ts";
import { pageContext } from "#lib/web/require-actor.ts";

type Props = { params: Promise<{ target: string }> };

const load = cache(async (target: string) => {
  try {
    return await getTarget(await pageContext(), target);
  } catch (error) {
    if (error instanceof SluiceError && error.code === "not_found") notFound();
    throw error;
  }
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await load((await params).target)).title };
}

export default async function TargetPage({ params }: Props) {
  const target = await load((await params).target);
  const { cluster, project } = target;
  const shown = cluster ?? project;
  if (!shown) redirect(routes.targets);
  return (
    <>
      <LiveRefresh topics={["targets", "job", "tools"]} />
      <PageHeader
        title={target.title}
        about={
          <span className="flex flex-wrap items-center gap-x-4 gap-y-1">
            <ClusterState cluster={shown} />
            {target.checkedAt && (
              <span>
                Checked <Age at={target.checkedAt} suffix=" ago" />
              </span>
            )}
          </span>
        }
        actions={shown.detail && <CheckButton target={shown.id} checking={shown.checking} check={check} />}
      />
      <div className="flex flex-col gap-6">
        {cluster && <Cluster target={target} cluster={cluster} />}
        {project && <Project target={target} project={project} />}
      </div>
    </>
  );
}

async function Cluster({ target, cluster }: { target: TargetView; cluster: ClusterView }) {
  const { detail } = cluster;
  const missing = await missingTool((await pageContext()).db, target.kind);
  return (
    <>
      <ClusterVerdict target={target} cluster={cluster} missing={missing} />
      {detail?.findings && detail.findings.trouble === null && (
        <>
          <ClusterChecklist detail={detail} findings={detail.findings} />
          <ClusterNodes nodes={detail.findings.nodes} />
          <RightsTable findings={detail.findings} />
        </>
      )}
      {!detail && cluster.offers && <ClusterOffersPanel offers={cluster.offers} />}
      {detail && (
        <ClusterManagement
          name={target.name}
          id={cluster.id}
          detail={detail}
          change={change}
          remove={remove}
        />
      )}
    </>
  );
}

async function Project({ target, project }: { target: TargetView; project: ProjectView }) {
  const { detail } = project;
  const missing = await missingTool((await pageContext()).db, target.kind);
  return (
    <>
      <ProjectVerdict project={project} missing={missing} />
      <ProjectFound project={project} />
      {detail && (
        <ProjectManagement
          name={target.name}
          id={project.id}
          detail={detail}
          change={change}
          remove={remove}
        />
      )}
    </>
  );
}
