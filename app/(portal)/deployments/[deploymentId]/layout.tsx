import type { Metadata } from "next";
import type { ReactNode } from "react";
import {
  cancelOperation,
  changeDeployment,
  forget,
  retry,
  tearDown,
} from "#app/(portal)/deployments/actions.ts";
import { loadDeployment } from "#app/(portal)/deployments/[deploymentId]/load.ts";
import { DeploymentHeader } from "#components/deployments/deployment-header.tsx";
import { DeploymentTabs } from "#components/deployments/deployment-tabs.tsx";
import { FailureCallout } from "#components/deployments/failure-callout.tsx";
import { LiveRefresh } from "#components/live/live-refresh.tsx";

type Params = { params: Promise<{ deploymentId: string }> };

export async function generateMetadata({ params }: Params): Promise<Metadata> {
  // What the page itself says (not here, or the trouble) must have a title too.
  const deployment = await loadDeployment((await params).deploymentId).catch(() => null);
  if (!deployment) return { title: { default: "Not found", template: "Not found · Sluice" } };
  const { name } = deployment;
  return { title: { default: name, template: `%s · ${name} · Sluice` } };
}

export default async function DeploymentLayout({ params, children }: Params & { children: ReactNode }) {
  const deployment = await loadDeployment((await params).deploymentId);
  return (
    <>
      <LiveRefresh topics={["deployment", "operation", "keys"]} deploymentId={deployment.id} />
      <DeploymentHeader
        deployment={deployment}
        cancel={cancelOperation}
        retry={retry}
        tearDown={tearDown}
        forget={forget}
        extend={changeDeployment}
      />
      <FailureCallout deployment={deployment} />
      <DeploymentTabs id={deployment.id} destroyed={deployment.status === "destroyed"} />
      {children}
    </>
  );
}
