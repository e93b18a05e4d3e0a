import type { Metadata } from "next";
import { loadDeployment } from "#app/(portal)/deployments/[deploymentId]/load.ts";
import { Console } from "#components/console/console.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import type { SpecView } from "#lib/deployments/view.ts";
import { findPreset, type Preset } from "#lib/models/catalogue.ts";

export const metadata: Metadata = { title: "Test" };

export default async function TestPage({ params }: { params: Promise<{ deploymentId: string }> }) {
  const { id, endpoint, spec, status } = await loadDeployment((await params).deploymentId);
  if (!endpoint) {
    return (
      <EmptyState title="There is no endpoint to call">
        {status === "destroyed"
          ? "It was torn down."
          : status === "failed"
            ? "It failed before it had one. Mend what is said above, and the console opens."
            : "The console opens as soon as the endpoint is there."}
      </EmptyState>
    );
  }
  const preset = firstPreset(spec);
  return (
    <Console deploymentId={id} example={preset?.example ?? plainExample} streams={preset?.streams ?? false} />
  );
}

/** For an image, of which nothing is known. */
const plainExample: Preset["example"] = {
  method: "POST",
  path: "/",
  contentType: "application/json",
  body: "{}",
};

function firstPreset(spec: SpecView): Preset | undefined {
  for (const { model } of spec.variants) {
    const preset = "preset" in model ? findPreset(model.preset) : undefined;
    if (preset) return preset;
  }
  return undefined;
}
