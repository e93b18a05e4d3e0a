import type { Metadata } from "next";
import {
  askEngine,
  changeDeployment,
  previewChange,
  readPreview,
  tearDown,
} from "#app/(portal)/deployments/actions.ts";
import { loadDeployment } from "#app/(portal)/deployments/[deploymentId]/load.ts";
import { TearDownButton } from "#components/deployments/tear-down-button.tsx";
import { SettingsForm } from "#components/form/settings-form.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Panel } from "#components/ui/panel.tsx";
import { revisionAuthor } from "#lib/deployments/revision-author.ts";
import { loadPlaceOf } from "#lib/targets/load-places.ts";
import { pageContext } from "#lib/web/require-actor.ts";

export const metadata: Metadata = { title: "Settings" };

export default async function SettingsPage({ params }: { params: Promise<{ deploymentId: string }> }) {
  const deployment = await loadDeployment((await params).deploymentId);
  if (deployment.status === "destroyed" || deployment.status === "destroying") {
    return <EmptyState title="It can’t be changed any more">It is being torn down, or is gone.</EmptyState>;
  }
  const { id, name, spec, revision } = deployment;
  const ctx = await pageContext();
  const [revisedBy, place] = await Promise.all([revisionAuthor(ctx, id), loadPlaceOf(ctx, id)]);
  return (
    <div className="flex flex-col gap-8">
      <SettingsForm
        deployment={{ id, name, spec, revision, revisedBy }}
        place={place}
        preview={previewChange}
        change={changeDeployment}
        askEngine={askEngine}
        readPreview={readPreview}
      />
      <Panel title="Danger zone" className="border-bad/40">
        <div className="flex flex-wrap items-center justify-between gap-4">
          <p className="max-w-prose text-muted">
            Tearing it down ends its replicas and its endpoint. A receipt says what was deleted.
          </p>
          <TearDownButton deployment={deployment} tearDown={tearDown} />
        </div>
      </Panel>
    </div>
  );
}
