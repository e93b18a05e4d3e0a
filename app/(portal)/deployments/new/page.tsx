import { randomUUID } from "node:crypto";
import type { Metadata } from "next";
import {
  askEngine,
  checkNewDeployment,
  createDeploymentOnce,
  readPreview,
} from "#app/(portal)/deployments/actions.ts";
import { NewDeploymentForm } from "#components/form/new-deployment-form.tsx";
import { LiveRefresh } from "#components/live/live-refresh.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { loadPlaces } from "#lib/targets/load-places.ts";
import { missingTool } from "#lib/targets/missing-tool.ts";
import { pageContext, requireActor } from "#lib/web/require-actor.ts";

export const metadata: Metadata = { title: "New deployment" };

export default async function NewDeploymentPage() {
  const { role } = await requireActor();
  const ctx = await pageContext();
  const [places, kubernetes, gke] = await Promise.all([
    loadPlaces(ctx),
    missingTool(ctx.db, "kubernetes"),
    missingTool(ctx.db, "gke"),
  ]);
  const idempotencyKey = randomUUID();
  return (
    <>
      <LiveRefresh topics={["targets", "tools"]} />
      <PageHeader
        title="New deployment"
        about="A name, a target and a model are all it needs; everything else has a default that works."
      />
      <NewDeploymentForm
        places={places}
        missing={{ kubernetes, gke }}
        addsClusters={role === "admin"}
        suffix={idempotencyKey.slice(0, 4)}
        idempotencyKey={idempotencyKey}
        create={createDeploymentOnce}
        check={checkNewDeployment}
        askEngine={askEngine}
        readPreview={readPreview}
      />
    </>
  );
}
