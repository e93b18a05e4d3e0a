import type { DeploymentView } from "#lib/deployments/view.ts";
import { toSpecView } from "#lib/deployments/to-view.ts";
import { forms } from "#lib/targets/kubernetes/forms-for-test.ts";

const at = "2026-01-02T03:04:05.000Z";

/** One that was deployed on a cluster and is ready, with two replicas. */
export function deploymentForTest(change: Partial<DeploymentView> = {}): DeploymentView {
  const id = "dep-0123456789ab";
  return {
    id,
    name: "chat",
    target: "prod",
    targetKind: "kubernetes",
    owner: { id: "usr-1", name: "Ada" },
    status: "ready",
    statusCode: null,
    statusMessage: null,
    endpoint: { url: "http://192.0.2.1:30080", ip: "192.0.2.1", port: 30080, access: "private" },
    domain: null,
    replicas: { desired: 2, ready: 2 },
    models: ["sentiment"],
    spec: toSpecView(forms["fixed replicas"]!.spec),
    revision: 1,
    operation: {
      id: "op-0123456789ab",
      deploymentId: id,
      kind: "deploy",
      status: "succeeded",
      attempt: 1,
      revision: 1,
      errorCode: null,
      errorMessage: null,
      cancelRequested: false,
      plan: null,
      lastSeq: 1,
      by: "Ada",
      queuedAt: at,
      startedAt: at,
      finishedAt: at,
    },
    traffic: {
      requestsPerSecond: 0,
      errorRate: null,
      requests: 0,
      errors: 0,
      serverErrors: 0,
      sparkline: [],
    },
    measured: null,
    receipt: null,
    createdAt: at,
    readyAt: at,
    expiresAt: null,
    destroyedAt: null,
    ...change,
  };
}
