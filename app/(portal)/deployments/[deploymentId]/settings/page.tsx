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
import { whatGoes } from "#components/deployments/what-goes.ts";
import { SettingsForm } from "#components/form/settings-form.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Panel } from "#components/ui/panel.tsx";
import { wasBegun } from "#lib/deployments/standing.ts";
import { isServed } from "#lib/deployments/domain-state.ts";
import { revisionAuthor } from "#lib/deployments/revision-author.ts";
import { loadPlaceOf } from "#lib/targets/load-places.ts";
import { pageContext } from "#lib/web/require-actor.ts";

export const metadata: Metadata = { title: "Settings" };

export default async function SettingsPage({ params }: { params: Promise<{ deploymentId: string }> }) {
  const deployment = await loadDeployment((await params).deploymentId);
  if (deployment.status === "destroyed" || deployment.status === "destroying") {
    return <EmptyState title="It can’t be changed any more">It is being torn down, or is gone.</EmptyState>;
  }
  const { id, name, spec, revision, domain } = deployment;
  const ctx = await pageContext();
  const [revisedBy, place, isMade] = await Promise.all([
    revisionAuthor(ctx, id),
    loadPlaceOf(ctx, id),
    wasBegun(ctx.db, id),
  ]);
  const { goes, also } = whatGoes(deployment);
  const served = isServed(domain, spec.google?.domain ?? null);
  return (
    <div className="flex flex-col gap-8">
      <SettingsForm
        deployment={{ id, name, spec, revision, revisedBy, isMade, isServed: served }}
        place={place}
        preview={previewChange}
        change={changeDeployment}
        askEngine={askEngine}
        readPreview={readPreview}
      />
      <Panel title="Danger zone" className="border-bad/40">
        <div className="flex flex-wrap items-center justify-between gap-4">
          <p className="max-w-prose text-muted">
            Tearing it down deletes {goes}. {also} A receipt says what was deleted.
          </p>
          <TearDownButton deployment={deployment} tearDown={tearDown} />
        </div>
      </Panel>
    </div>
  );
}
