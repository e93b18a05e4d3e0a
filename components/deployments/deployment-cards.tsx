import Link from "next/link";
import { Sparkline } from "#components/charts/sparkline.tsx";
import { ErrorShare, ModelAndPlace, RequestRate } from "#components/deployments/deployment-table.tsx";
import { EndpointOrReason } from "#components/deployments/endpoint-or-reason.tsx";
import { Lifetime } from "#components/deployments/lifetime.tsx";
import { ReplicaCount } from "#components/deployments/replica-count.tsx";
import { StatusPill } from "#components/deployments/status-pill.tsx";
import { TimeLeft } from "#components/ui/time.tsx";
import type { DeploymentView } from "#lib/deployments/view.ts";
import { routes } from "#lib/routes.ts";

/** The same list where there is no room for a table. */
export function DeploymentCards({ deployments }: { deployments: DeploymentView[] }) {
  return (
    <ul aria-label="Deployments" className="divide-y">
      {deployments.map((deployment) => (
        <li key={deployment.id} className="flex flex-col gap-2 p-4">
          <div className="flex items-start justify-between gap-3">
            <Link
              href={routes.deployment(deployment.id)}
              className="min-w-0 rounded-sm py-0.5 font-medium break-words"
            >
              {deployment.name}
              <ModelAndPlace deployment={deployment} />
              <span className="block text-small font-normal text-faint">
                <Lifetime {...deployment} />
              </span>
            </Link>
            <StatusPill status={deployment.status} code={deployment.statusCode} />
          </div>
          {deployment.status !== "destroyed" && <CardFigures deployment={deployment} />}
        </li>
      ))}
    </ul>
  );
}

function CardFigures({ deployment }: { deployment: DeploymentView }) {
  const { traffic } = deployment;
  return (
    <>
      <EndpointOrReason deployment={deployment} />
      <dl className="grid grid-cols-3 items-start gap-x-3 gap-y-2">
        <Figure name="Replicas">
          <ReplicaCount {...deployment.replicas} />
        </Figure>
        <Figure name="Requests/s">
          <span className="flex flex-col items-start gap-1">
            <RequestRate {...traffic} />
            {traffic.sparkline.length > 0 && <Sparkline values={traffic.sparkline} name={deployment.name} />}
          </span>
        </Figure>
        <Figure name="Errors">
          <ErrorShare {...traffic} />
        </Figure>
        {deployment.expiresAt && (
          <Figure name="Time left">
            <TimeLeft until={deployment.expiresAt} />
          </Figure>
        )}
      </dl>
    </>
  );
}

function Figure({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-small text-faint">{name}</dt>
      <dd className="mt-0.5">{children}</dd>
    </div>
  );
}
