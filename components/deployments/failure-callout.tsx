import type { ReactNode } from "react";
import Link from "next/link";
import { Advice } from "#components/deployments/advice.tsx";
import { failureAdvice, isFaultOfSettings, servingAdvice } from "#components/deployments/failure-advice.ts";
import { splitReason, toldReason } from "#components/deployments/failure-reason.ts";
import { receiptOfLeftovers } from "#components/deployments/receipt-of-leftovers.ts";
import { operationWords } from "#components/operations/operation-words.ts";
import { buttonClass } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { ProgramOutput } from "#components/ui/program-output.tsx";
import { isUnasked } from "#lib/deployments/status.ts";
import type { DeploymentView } from "#lib/deployments/view.ts";
import { splitLeft } from "#lib/deployments/what-is-left.ts";
import { isTerminal } from "#lib/operations/status.ts";
import { routes } from "#lib/routes.ts";

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
  const reason = toldReason(deployment);
  if (!reason) return null;
  const { code, message } = reason;
  const { said, left } = splitLeft(message);
  const { first, rest, output } = splitReason(said);
  return (
    <Callout
      tone={status === "failed" ? "bad" : "warn"}
      title={status === "failed" ? first : `${operationWords[operation.kind]} ${operation.status}: ${first}`}
      className="mb-4"
      actions={isFaultOfSettings(code) && <ChangeSettings deploymentId={deployment.id} />}
    >
      {rest && <p>{rest}</p>}
      {output && <ProgramOutput label="What the engine printed" text={output} />}
      {code && (
        <p>
          <Advice deploymentId={deployment.id} text={failureAdvice(code, deployment.targetKind)} />
        </p>
      )}
      <p>{whatExists(deployment, left)}</p>
      {code && <p className="code mt-1 text-small text-faint">{code}</p>}
    </Callout>
  );
}

/** Of a deployment whose replicas became fewer than they should be, while nobody changed anything. */
function Short({ deployment }: { deployment: DeploymentView }) {
  const { replicas, statusCode: code, statusMessage, targetKind } = deployment;
  if (code === "certificate_pending") return <Uncertified deployment={deployment} />;
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
      {code && (
        <p>
          <Advice deploymentId={deployment.id} text={servingAdvice(code, targetKind)} />
        </p>
      )}
      {code && <p className="code mt-1 text-small text-faint">{code}</p>}
    </Callout>
  );
}

/** Of one that waits for a person's DNS and for Google: nothing is broken. */
function Uncertified({ deployment }: { deployment: DeploymentView }) {
  const { statusMessage, targetKind } = deployment;
  return (
    <Callout tone="warn" title="Its certificate isn’t there yet: it doesn’t answer by HTTPS" className="mb-4">
      <p>{statusMessage ?? "Google hasn’t made the certificate for the domain yet."}</p>
      <p>
        <Advice deploymentId={deployment.id} text={servingAdvice("certificate_pending", targetKind)} />
      </p>
      <p className="code mt-1 text-small text-faint">certificate_pending</p>
    </Callout>
  );
}

function ChangeSettings({ deploymentId }: { deploymentId: string }) {
  return (
    <Link href={routes.settings(deploymentId)} className={buttonClass("primary")}>
      Change the settings
    </Link>
  );
}

/** @param left what the operation's own message ends with, of which the worker knows more */
function whatExists(deployment: DeploymentView, left: string): ReactNode {
  const { endpoint, replicas, status } = deployment;
  if (receiptOfLeftovers(deployment)) return <OnReceipt deploymentId={deployment.id} />;
  if (status === "degraded" && replicas.ready === 0) return "None of its replicas is ready.";
  if (left) return left;
  if (status !== "failed") return "The deployment goes on as it was before.";
  const parts = [
    replicas.ready > 0 && `${replicas.ready} ${replicas.ready === 1 ? "replica" : "replicas"}`,
    endpoint && `the address ${endpoint.url}`,
  ].filter(Boolean);
  return parts.length === 0 ? "None of its replicas is ready." : `Still there: ${parts.join(" and ")}.`;
}

function OnReceipt({ deploymentId }: { deploymentId: string }) {
  return (
    <>
      All of it is on{" "}
      <Link href={`${routes.deployment(deploymentId)}#receipt`} className="text-accent underline">
        the receipt
      </Link>
      .
    </>
  );
}
