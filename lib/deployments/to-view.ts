import { findPreset } from "#lib/models/catalogue.ts";
import { readDomainState } from "#lib/deployments/domain-state.ts";
import { spec as specSchema, type Spec, type Tls } from "#lib/deployments/spec.ts";
import type { DeploymentStatus, FailureCode } from "#lib/deployments/status.ts";
import type {
  DeploymentView,
  EndpointView,
  OperationView,
  Receipt,
  SpecView,
  TrafficView,
} from "#lib/deployments/view.ts";
import { certificateView } from "#lib/tls/read-certificate.ts";
import { countedBy } from "#lib/traffic/counts.ts";
import { readMeasured } from "#lib/traffic/measured.ts";
import type { Deployment } from "#prisma/generated/client.ts";

/** Requests that nobody counts aren't the same as none. */
const unmeasuredTraffic: TrafficView = {
  requestsPerSecond: null,
  errorRate: null,
  requests: null,
  errors: null,
  serverErrors: null,
  sparkline: [],
};

/** What of a deployment's row people may see. */
export type DeploymentRow = Pick<
  Deployment,
  | "id"
  | "name"
  | "status"
  | "statusCode"
  | "statusMessage"
  | "endpoint"
  | "domainState"
  | "measured"
  | "replicasDesired"
  | "replicasReady"
  | "receipt"
  | "createdAt"
  | "readyAt"
  | "expiresAt"
  | "destroyedAt"
>;

/** A row and what belongs to it, as people may see it: no secret, no id of one, no sealed value. */
export function toDeploymentView(parts: {
  row: DeploymentRow;
  /** the registered cluster's name; null for a built-in target */
  cluster: string | null;
  owner: { id: string; name: string };
  spec: Spec;
  revision: number;
  operation: OperationView;
  traffic: TrafficView;
}): DeploymentView {
  const { row, cluster, owner, spec, revision, operation, traffic } = parts;
  return {
    id: row.id,
    name: row.name,
    target: cluster ?? spec.target,
    targetKind: spec.target,
    owner,
    status: row.status as DeploymentStatus,
    statusCode: row.statusCode as FailureCode | null,
    statusMessage: row.statusMessage,
    endpoint: row.endpoint as EndpointView | null,
    domain: readDomainState(row.domainState),
    replicas: { desired: row.replicasDesired, ready: row.replicasReady },
    models: spec.variants.map((variant) => modelTitle(variant.model)),
    spec: toSpecView(spec),
    revision,
    operation,
    traffic: countedBy(spec) === "nobody" ? unmeasuredTraffic : traffic,
    measured: readMeasured(row.measured),
    receipt: row.receipt as Receipt | null,
    createdAt: row.createdAt.toISOString(),
    readyAt: row.readyAt?.toISOString() ?? null,
    expiresAt: row.expiresAt?.toISOString() ?? null,
    destroyedAt: row.destroyedAt?.toISOString() ?? null,
  };
}

/** @throws ZodError if a stored spec isn't one: a defect, or a hand in the database */
export function readSpec(stored: unknown): Spec {
  return specSchema.parse(stored);
}

export function toSpecView(spec: Spec): SpecView {
  const { pullSecret } = spec;
  const { tls } = spec.endpoint;
  return {
    ...spec,
    pullSecret: pullSecret && { registry: pullSecret.registry, username: pullSecret.username },
    endpoint: { ...spec.endpoint, tls: toTlsView(tls) },
    env: spec.env.map((entry) => ("value" in entry ? entry : { name: entry.name, secret: true as const })),
  };
}

/** A preview's self-signed certificate isn't made yet, so it is empty. */
function toTlsView(tls: Tls): SpecView["endpoint"]["tls"] {
  const certificate = tls.mode === "none" || tls.certificate === "" ? null : certificateView(tls.certificate);
  return { mode: tls.mode, certificate };
}

function modelTitle(model: Spec["variants"][number]["model"]): string {
  return "preset" in model ? (findPreset(model.preset)?.title ?? model.preset) : model.image;
}
