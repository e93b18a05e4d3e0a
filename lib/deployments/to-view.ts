import { findPreset } from "#lib/models/catalogue.ts";
import { spec as specSchema, type Spec } from "#lib/deployments/spec.ts";
import type { DeploymentStatus, FailureCode } from "#lib/deployments/status.ts";
import type {
  DeploymentView,
  EndpointView,
  OperationView,
  Receipt,
  SpecView,
  TrafficView,
} from "#lib/deployments/view.ts";
import type { Deployment } from "#prisma/generated/client.ts";

/** A row and what belongs to it, as people may see it: no secret, no id of one, no sealed value. */
export function toDeploymentView(parts: {
  row: Deployment;
  owner: { id: string; name: string };
  spec: Spec;
  revision: number;
  operation: OperationView;
  traffic: TrafficView;
}): DeploymentView {
  const { row, owner, spec, revision, operation, traffic } = parts;
  return {
    id: row.id,
    name: row.name,
    target: spec.target,
    owner,
    status: row.status as DeploymentStatus,
    statusCode: row.statusCode as FailureCode | null,
    statusMessage: row.statusMessage,
    endpoint: row.endpoint as EndpointView | null,
    replicas: { desired: row.replicasDesired, ready: row.replicasReady },
    models: spec.variants.map((variant) => modelTitle(variant.model)),
    spec: toSpecView(spec),
    revision,
    operation,
    traffic,
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
  return {
    ...spec,
    env: spec.env.map((entry) => ("value" in entry ? entry : { name: entry.name, secret: true as const })),
  };
}

function modelTitle(model: Spec["variants"][number]["model"]): string {
  return "preset" in model ? (findPreset(model.preset)?.title ?? model.preset) : model.image;
}
