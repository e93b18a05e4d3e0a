import {
  endEndpointKey,
  lookForDrift,
  makeEndpointKey,
  repair,
  retry,
} from "#app/(portal)/deployments/actions.ts";
import { loadDeployment } from "#app/(portal)/deployments/[deploymentId]/load.ts";
import { CallPanel } from "#components/deployments/call-panel.tsx";
import { CertificateEnds } from "#components/deployments/certificate-ends.tsx";
import { DriftPanel } from "#components/deployments/drift-panel.tsx";
import { Receipt } from "#components/deployments/receipt.tsx";
import { receiptOfLeftovers } from "#components/deployments/receipt-of-leftovers.ts";
import { GoogleFacts } from "#components/deployments/google-facts.tsx";
import { ReplicaLog } from "#components/deployments/replica-log.tsx";
import { ReplicaTable } from "#components/deployments/replica-table.tsx";
import { ScaleSteps } from "#components/deployments/scale-steps.tsx";
import { TrafficMap } from "#components/deployments/traffic-map.tsx";
import { LiveRefresh } from "#components/live/live-refresh.tsx";
import { WaitingNote } from "#components/operations/waiting-note.tsx";
import { NotMeasured } from "#components/traffic/not-measured.tsx";
import { RequestTable } from "#components/traffic/request-table.tsx";
import { TrafficCharts } from "#components/traffic/traffic-charts.tsx";
import { cx } from "#components/ui/class-names.ts";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { publicUrl } from "#lib/auth/origins.ts";
import { getDrift } from "#lib/deployments/drift.ts";
import { listEndpointKeys } from "#lib/deployments/endpoint-keys.ts";
import { liveSpec } from "#lib/deployments/live-spec.ts";
import type { DeploymentView } from "#lib/deployments/view.ts";
import { exampleOf } from "#lib/models/example-of.ts";
import { listEvents } from "#lib/operations/list-events.ts";
import { listLogLines } from "#lib/replicas/list-log-lines.ts";
import { listReplicas } from "#lib/replicas/list.ts";
import { listScaleSteps } from "#lib/replicas/list-scale-steps.ts";
import { listRequests } from "#lib/traffic/list-requests.ts";
import { listSamples } from "#lib/traffic/list-samples.ts";
import { measuredWords } from "#lib/traffic/measured.ts";
import { loadPlaceOf } from "#lib/targets/load-places.ts";
import { missingTool } from "#lib/targets/missing-tool.ts";
import { nameToCheck } from "#lib/tls/name-to-check.ts";
import { certificateView } from "#lib/tls/read-certificate.ts";
import { portal } from "#lib/web/portal.ts";
import { pageContext } from "#lib/web/require-actor.ts";

/** The charts have something new as often. */
const samplesEveryMs = 5_000;

export default async function OverviewPage({ params }: { params: Promise<{ deploymentId: string }> }) {
  const deployment = await loadDeployment((await params).deploymentId);
  const { status, receipt } = deployment;
  const left = receiptOfLeftovers(deployment);
  if (left) return <Receipt deployment={deployment} receipt={left} retry={retry} />;
  if (status !== "destroyed") return <Overview deployment={deployment} />;
  if (receipt) return <Receipt deployment={deployment} receipt={receipt} />;
  return <EmptyState title="It is gone">It was torn down before anything of it was made.</EmptyState>;
}

async function Overview({ deployment }: { deployment: DeploymentView }) {
  const ctx = await pageContext();
  const deploymentId = deployment.id;
  const { operation } = deployment;
  const isQueued = operation.status === "queued";
  const [replicas, samples, steps, requests, lines, keys, events, drift, missing, live, place] =
    await Promise.all([
      listReplicas(ctx, { deploymentId }),
      listSamples(ctx, { deploymentId, minutes: 16 }),
      listScaleSteps(ctx, { deploymentId }),
      listRequests(ctx, { deploymentId, limit: 20 }),
      listLogLines(ctx, { deploymentId }),
      listEndpointKeys(ctx, deploymentId),
      isQueued ? listEvents(ctx, { operationId: operation.id }) : [],
      getDrift(ctx, deploymentId),
      isQueued ? missingTool(ctx.db, deployment.targetKind) : null,
      liveSpec(ctx, deploymentId),
      deployment.targetKind === "gke" ? loadPlaceOf(ctx, deploymentId) : null,
    ]);
  const { example } = exampleOf(deployment.spec);
  // What callers see now: while a change is under way the spec may have another one already.
  const shown = deployment.endpoint?.certificate;
  const certificate = shown ? certificateView(shown) : null;
  const countsRequests = deployment.traffic.requests !== null;
  const byGoogle = deployment.measured;
  const { layer } = deployment.spec.routing;
  // Before there was an address there is no traffic to show, not even none of it.
  const couldBeCalled = deployment.endpoint !== null || requests.length > 0;
  const mayScale = steps.length > 0 || deployment.spec.variants.some(scales);
  const hasAside = mayScale || drift !== null;
  return (
    <div className="flex flex-col gap-4">
      {isQueued && (
        <>
          <LiveRefresh topics={["tools"]} />
          <WaitingNote events={events} missing={missing} />
        </>
      )}
      {certificate && (
        <CertificateEnds
          deploymentId={deploymentId}
          certificate={certificate}
          mode={deployment.spec.endpoint.tls.mode}
          now={ctx.clock.now()}
        />
      )}
      <div className={cx("grid items-start gap-4", hasAside && "xl:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]")}>
        <TrafficMap deployment={deployment} live={live} replicas={replicas} />
        {hasAside && (
          <div className="flex min-w-0 flex-col gap-4">
            {drift && (
              <DriftPanel
                deploymentId={deploymentId}
                drift={drift}
                settled={operation.status === "succeeded"}
                look={lookForDrift}
                repair={repair}
              />
            )}
            {mayScale && <ScaleSteps steps={steps} />}
          </div>
        )}
      </div>
      <GoogleFacts deployment={deployment} project={place?.project?.project ?? null} />
      {deployment.endpoint && (
        <CallPanel
          deploymentId={deploymentId}
          endpoint={deployment.endpoint}
          example={example}
          certificate={certificate}
          certificateName={nameToCheck(deployment.endpoint)}
          portal={publicUrl(portal().env)}
          keys={keys}
          makeKey={makeEndpointKey}
          revokeKey={endEndpointKey}
        />
      )}
      <ReplicaTable replicas={replicas} areProcesses={deployment.targetKind === "local"} />
      {deployment.endpoint && <LiveRefresh topics={[]} every={samplesEveryMs} />}
      {couldBeCalled && (
        <>
          <TrafficCharts
            samples={samples}
            now={ctx.clock.now().getTime()}
            since={Date.parse(deployment.createdAt)}
            counts={
              countsRequests ? "requests" : deployment.targetKind === "local" ? "connections" : "nothing"
            }
            measured={byGoogle && measuredWords(byGoogle, ctx.clock.now())}
          />
          {countsRequests ? (
            <RequestTable
              requests={requests}
              loggedByGoogle={byGoogle && (deployment.spec.google?.logSampleRate ?? null)}
            />
          ) : (
            <NotMeasured title="Recent requests" layer={layer} />
          )}
        </>
      )}
      <ReplicaLog lines={lines} />
    </div>
  );
}

function scales({
  scaling: { metric, minReplicas, maxReplicas },
}: DeploymentView["spec"]["variants"][number]) {
  return metric !== "none" && minReplicas !== maxReplicas;
}
