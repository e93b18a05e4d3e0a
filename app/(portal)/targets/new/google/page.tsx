import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { register } from "#app/(portal)/targets/actions.ts";
import { AddProjectForm } from "#components/targets/add-project-form.tsx";
import { PrepareProjectHelp } from "#components/targets/prepare-project-help.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { requireActor } from "#lib/web/require-actor.ts";

export const metadata: Metadata = { title: "Add a Google project" };

export default async function NewProjectPage() {
  if ((await requireActor()).role !== "admin") notFound();
  return (
    <>
      <PageHeader
        title="Add a Google project"
        about="Everybody here may then deploy to it: each deployment has a GKE cluster of its own or a part of one that is there, behind Google’s load balancer."
      />
      <div className="flex max-w-3xl flex-col gap-6">
        <PrepareProjectHelp />
        <AddProjectForm register={register} />
      </div>
    </>
  );
}
