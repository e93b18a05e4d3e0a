import { EndpointAddress } from "#components/deployments/endpoint-address.tsx";
import { failureReason, splitReason } from "#components/deployments/failure-reason.ts";
import type { DeploymentView } from "#lib/deployments/view.ts";

/** Where a deployment of a list answers; of one that failed, why, in a sentence. */
export function EndpointOrReason({ deployment }: { deployment: DeploymentView }) {
  const { endpoint, name, status } = deployment;
  if (status !== "failed") return <EndpointAddress endpoint={endpoint} name={name} />;
  const { message } = failureReason(deployment);
  return (
    <>
      {endpoint && <EndpointAddress endpoint={endpoint} name={name} />}
      <span title={message} className="line-clamp-2 text-small text-bad">
        {splitReason(message).first}
      </span>
    </>
  );
}
