import type { Metadata } from "next";
import Link from "next/link";
import { Plus } from "lucide-react";
import { LiveRefresh } from "#components/live/live-refresh.tsx";
import { ClusterList } from "#components/targets/cluster-list.tsx";
import { ProjectList } from "#components/targets/project-list.tsx";
import { TargetList } from "#components/targets/target-list.tsx";
import { ToolList } from "#components/targets/tool-list.tsx";
import { buttonClass } from "#components/ui/button.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { routes } from "#lib/routes.ts";
import { listTargets } from "#lib/targets/list-targets.ts";
import { listTools } from "#lib/targets/list-tools.ts";
import { pageContext, requireActor } from "#lib/web/require-actor.ts";

export const metadata: Metadata = { title: "Targets" };

export default async function TargetsPage() {
  const admin = (await requireActor()).role === "admin";
  const ctx = await pageContext();
  const [targets, tools] = await Promise.all([listTargets(ctx), listTools(ctx.db)]);
  return (
    <>
      <LiveRefresh topics={["tools", "targets", "job"]} />
      <PageHeader
        title="Targets"
        about="Where deployments run, and the tools that put them there."
        actions={
          admin && (
            <>
              <Link href={routes.newProject} className={buttonClass()}>
                <Plus aria-hidden className="size-4" />
                Add a Google project
              </Link>
              <Link href={routes.newTarget} className={buttonClass("primary")}>
                <Plus aria-hidden className="size-4" />
                Add a cluster
              </Link>
            </>
          )
        }
      />
      <div className="flex flex-col gap-6">
        <TargetList list={targets.filter(({ kind }) => kind === "local")} />
        <ClusterList list={targets.filter(({ cluster }) => cluster !== null)} admin={admin} />
        <ProjectList list={targets.filter(({ project }) => project !== null)} admin={admin} />
        <ToolList list={tools} />
      </div>
    </>
  );
}
