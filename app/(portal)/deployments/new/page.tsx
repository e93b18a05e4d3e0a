import { randomUUID } from "node:crypto";
import type { Metadata } from "next";
import { checkNewDeployment, createDeploymentOnce } from "#app/(portal)/deployments/actions.ts";
import { NewDeploymentForm } from "#components/form/new-deployment-form.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { requireActor } from "#lib/web/require-actor.ts";

export const metadata: Metadata = { title: "New deployment" };

export default async function NewDeploymentPage() {
  await requireActor();
  const idempotencyKey = randomUUID();
  return (
    <>
      <PageHeader
        title="New deployment"
        about="A name, a target and a model are all it needs; everything else has a default that works."
      />
      <NewDeploymentForm
        suffix={idempotencyKey.slice(0, 4)}
        idempotencyKey={idempotencyKey}
        create={createDeploymentOnce}
        check={checkNewDeployment}
      />
    </>
  );
}
