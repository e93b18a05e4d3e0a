"use client";

import { usePathname } from "next/navigation";
import { modelWords } from "#components/deployments/model-words.ts";
import { ExtendButton, type Extend } from "#components/deployments/extend-button.tsx";
import { EndpointAddress } from "#components/deployments/endpoint-address.tsx";
import { isFaultOfSettings } from "#components/deployments/failure-advice.ts";
import { toldReason } from "#components/deployments/failure-reason.ts";
import { ForgetButton, isForgettable, type Forget } from "#components/deployments/forget-button.tsx";
import { Lifetime } from "#components/deployments/lifetime.tsx";
import { receiptOfLeftovers } from "#components/deployments/receipt-of-leftovers.ts";
import { ReplicaCount } from "#components/deployments/replica-count.tsx";
import { RetryButton, type Retry } from "#components/deployments/retry-button.tsx";
import { StatusPill } from "#components/deployments/status-pill.tsx";
import { TearDownButton, type TearDown } from "#components/deployments/tear-down-button.tsx";
import { CancelButton, type CancelOperation } from "#components/operations/cancel-button.tsx";
import { targetWords } from "#components/targets/target-words.ts";
import { TimeLeft } from "#components/ui/time.tsx";
import type { DeploymentView } from "#lib/deployments/view.ts";
import { isTerminal } from "#lib/operations/status.ts";

type Props = {
  deployment: DeploymentView;
  cancel: CancelOperation;
  retry: Retry;
  tearDown: TearDown;
  forget: Forget;
  extend: Extend;
};

/** What it is, how it is, where it answers, and what can be done with it. */
export function DeploymentHeader({ deployment, cancel, retry, tearDown, forget, extend }: Props) {
  const { status, operation } = deployment;
  const destroyed = status === "destroyed";
  // Under Activity each operation has its own button, and Settings end with the tear-down.
  const tab = usePathname().split("/")[3];
  const running = !isTerminal(operation.status);
  // Overview is a receipt with a button of its own then, which does what both of these would.
  const removesThere = tab === undefined && receiptOfLeftovers(deployment) !== null;
  const retryable = !running && operation.status !== "succeeded" && !destroyed && !removesThere;
  return (
    <header className="mb-4 grid gap-x-4 sm:grid-cols-[minmax(0,1fr)_auto]">
      <div className="flex min-h-9 min-w-0 flex-wrap items-center gap-3">
        <h1 className="min-w-0 text-title font-semibold break-words">{deployment.name}</h1>
        <StatusPill status={status} code={deployment.statusCode} />
      </div>
      <p className="mt-1 text-small text-faint sm:col-span-2">
        {modelWords(deployment.models)} · {targetWords(deployment.target)} · {deployment.owner.name} ·{" "}
        <Lifetime {...deployment} /> · <span className="code whitespace-nowrap">{deployment.id}</span>
      </p>
      {!destroyed && (
        <div className="mt-3 flex min-h-8 flex-wrap items-center gap-x-6 gap-y-2 sm:col-span-2">
          <EndpointAddress
            endpoint={deployment.endpoint}
            name={deployment.name}
            failed={deployment.status === "failed"}
          />
          <span className="flex items-center gap-2">
            <span className="text-faint">Replicas</span>
            <ReplicaCount {...deployment.replicas} />
          </span>
          {deployment.expiresAt && (
            <span className="flex items-center gap-2">
              <span className="text-faint">Time left</span>
              <TimeLeft until={deployment.expiresAt} />
              {deployment.spec.ttlMinutes !== null && (
                <ExtendButton
                  deploymentId={deployment.id}
                  ttlMinutes={deployment.spec.ttlMinutes}
                  extend={extend}
                />
              )}
            </span>
          )}
        </div>
      )}
      <div
        data-print="no"
        className="flex flex-wrap gap-2 max-sm:not-empty:mt-3 sm:col-start-2 sm:row-start-1 sm:justify-end"
      >
        {running && tab !== "activity" && (
          <CancelButton
            size="normal"
            operationId={operation.id}
            asked={operation.cancelRequested}
            cancel={cancel}
          />
        )}
        {retryable && (
          <RetryButton
            deploymentId={deployment.id}
            first={!isFaultOfSettings(toldReason(deployment)?.code ?? null)}
            retry={retry}
          />
        )}
        {isForgettable(deployment) && <ForgetButton deployment={deployment} forget={forget} />}
        {!destroyed && tab !== "settings" && !removesThere && (
          <TearDownButton deployment={deployment} tearDown={tearDown} />
        )}
      </div>
    </header>
  );
}
