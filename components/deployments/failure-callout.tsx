import { failureAdvice, servingAdvice } from "#components/deployments/failure-advice.ts";
import { failureReason, splitReason } from "#components/deployments/failure-reason.ts";
import { operationWords } from "#components/operations/operation-words.ts";
import { Callout } from "#components/ui/callout.tsx";
import { isUnasked } from "#lib/deployments/status.ts";
import { isTerminal } from "#lib/operations/status.ts";
import type { DeploymentView } from "#lib/deployments/view.ts";

/** What went wrong, what still exists, and what to do next. */
export function FailureCallout({ deployment }: { deployment: DeploymentView }) {
  const { status, operation } = deployment;
  const operationFailed = isTerminal(operation.status) && operation.status !== "succeeded";
  if (!operationFailed && isUnasked(status, deployment.statusCode)) {
    return (
      <Callout tone="warn" title="How it is now isn’t known" className="mb-4">
        {deployment.statusMessage}
      </Callout>
    );
  }
  if (status === "degraded" && !operationFailed) {
    return <Short deployment={deployment} />;
  }
  if (status !== "failed" && !operationFailed) return null;
  if (status === "destroyed") return null;
  const { code, message } = failureReason(deployment);
  const { first, rest, output } = splitReason(message);
  return (
    <Callout
      tone={status === "failed" ? "bad" : "warn"}
      title={status === "failed" ? first : `${operationWords[operation.kind]} ${operation.status}: ${first}`}
      className="mb-4"
    >
      {rest && <p>{rest}</p>}
      {output && (
        <pre className="code my-2 max-h-48 overflow-auto rounded-md border bg-surface p-3 whitespace-pre-wrap text-ink">
          {output}
        </pre>
      )}
      <p>
        {code && failureAdvice(code, deployment.targetKind)} <Existing deployment={deployment} />
      </p>
      {code && <p className="code mt-1 text-small text-faint">{code}</p>}
    </Callout>
  );
}

/** Of a deployment whose replicas became fewer than they should be, while nobody changed anything. */
function Short({ deployment }: { deployment: DeploymentView }) {
  const { replicas, statusCode: code, statusMessage, targetKind } = deployment;
  const unserved =
    replicas.ready === 0
      ? "It doesn’t serve: no replica is ready"
      : code === "port_taken" && "It can’t be reached: its port is taken";
  return (
    <Callout
      tone={unserved ? "bad" : "warn"}
      title={unserved || "It serves, but not with all it should have"}
      className="mb-4"
    >
      <p>{statusMessage ?? `${replicas.ready} of ${replicas.desired} replicas are ready.`}</p>
      {code && <p>{servingAdvice(code, targetKind)}</p>}
      {code && <p className="code mt-1 text-small text-faint">{code}</p>}
    </Callout>
  );
}

function Existing({ deployment }: { deployment: DeploymentView }) {
  const { endpoint, replicas, status } = deployment;
  if (status === "degraded" && replicas.ready === 0) return "None of its replicas is ready.";
  if (status !== "failed") return "The deployment goes on as it was before.";
  const parts = [
    replicas.ready > 0 && `${replicas.ready} ${replicas.ready === 1 ? "replica" : "replicas"}`,
    endpoint && `the address ${endpoint.url}`,
  ].filter(Boolean);
  if (parts.length === 0) return "None of its replicas is ready.";
  return `Still there: ${parts.join(" and ")}.`;
}
