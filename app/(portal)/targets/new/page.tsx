import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { register } from "#app/(portal)/targets/actions.ts";
import { AddClusterForm } from "#components/targets/add-cluster-form.tsx";
import { ServiceAccountHelp } from "#components/targets/service-account-help.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { requireActor } from "#lib/web/require-actor.ts";

export const metadata: Metadata = { title: "Add a cluster" };

export default async function NewTargetPage() {
  if ((await requireActor()).role !== "admin") notFound();
  return (
    <>
      <PageHeader
        title="Add a cluster"
        about="Any Kubernetes cluster that this machine reaches. Everybody here may then deploy to it."
      />
      <div className="flex max-w-3xl flex-col gap-6">
        <AddClusterForm register={register} />
        <ServiceAccountHelp />
      </div>
    </>
  );
}
