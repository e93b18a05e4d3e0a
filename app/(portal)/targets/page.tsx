import type { Metadata } from "next";
import { LiveRefresh } from "#components/live/live-refresh.tsx";
import { TargetList } from "#components/targets/target-list.tsx";
import { ToolList } from "#components/targets/tool-list.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { listTargets } from "#lib/targets/list-targets.ts";
import { listTools } from "#lib/targets/list-tools.ts";
import { pageContext } from "#lib/web/require-actor.ts";

export const metadata: Metadata = { title: "Targets" };

export default async function TargetsPage() {
  const ctx = await pageContext();
  const [targets, tools] = await Promise.all([listTargets(ctx), listTools(ctx.db)]);
  return (
    <>
      <LiveRefresh topics={["tools", "targets"]} />
      <PageHeader title="Targets" about="Where deployments run, and the tools that put them there." />
      <div className="flex flex-col gap-6">
        <TargetList list={targets} />
        <ToolList list={tools} />
      </div>
    </>
  );
}
