import type { Metadata } from "next";
import { loadDeployment } from "#app/(portal)/deployments/[deploymentId]/load.ts";
import { Console } from "#components/console/console.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { exampleOf } from "#lib/models/example-of.ts";

export const metadata: Metadata = { title: "Test" };

export default async function TestPage({ params }: { params: Promise<{ deploymentId: string }> }) {
  const { id, endpoint, spec, status } = await loadDeployment((await params).deploymentId);
  if (!endpoint) {
    return (
      <EmptyState title="There is no endpoint to call">
        {status === "destroyed"
          ? "It was torn down."
          : status === "failed"
            ? "It failed before it had one. Fix the cause named above, and the console opens."
            : "The console opens as soon as the endpoint is there."}
      </EmptyState>
    );
  }
  const { example, streams } = exampleOf(spec);
  return <Console deploymentId={id} example={example} streams={streams} />;
}
