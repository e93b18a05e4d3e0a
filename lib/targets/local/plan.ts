import type { Spec } from "#lib/deployments/spec.ts";
import { resourceKey, type PlannedResource } from "#lib/targets/plan.ts";

export const localTypes = {
  endpoint: "sluice:local:Endpoint",
  modelServer: "sluice:local:ModelServer",
  pool: "sluice:local:Pool",
  routes: "sluice:local:Routes",
} as const;

/** What most endpoints don't have isn't said, so that a deployment made before there was a choice is the same. */
function endpointInputs({ routing, endpoint }: Spec): Record<string, unknown> {
  const { port, access, tls, redirectFrom } = endpoint;
  return {
    port,
    access,
    ...(routing.layer === 4 ? { layer: 4 } : {}),
    ...(tls.mode === "none" ? {} : { tls: { certificate: tls.certificate, keyId: tls.keyId } }),
    ...(redirectFrom === null ? {} : { redirectFrom }),
  };
}

function endpointSummary({ routing, endpoint }: Spec): string {
  const secure = { none: [], "self-signed": ["HTTPS, self-signed"], given: ["HTTPS"] } as const;
  return [
    "Address on this machine",
    endpoint.access === "open" ? "open to all" : "private: a key is needed",
    ...(routing.layer === 4 ? ["layer 4"] : []),
    ...secure[endpoint.tls.mode],
    ...(endpoint.redirectFrom === null ? [] : [`HTTP at ${endpoint.redirectFrom} redirected to it`]),
  ].join(", ");
}

/**
 * The resources of a deployment on the `local` target, in order. The Pulumi program registers exactly these
 * (infra/targets/local/program.ts), so that a plan shown in the form and a deployment can't differ.
 *
 * Endpoint first (the address is known early), then each variant's ModelServer (its replicas) and Pool (their
 * place in the load balancer, healthy), then Routes, which let traffic in. The engine deletes in the reverse
 * order, so that traffic stops before a replica does.
 */
export function planLocal(deploymentId: string, spec: Spec): PlannedResource[] {
  const endpoint: PlannedResource = {
    type: localTypes.endpoint,
    name: "endpoint",
    summary: endpointSummary(spec),
    inputs: { deploymentId, ...endpointInputs(spec) },
    dependsOn: [],
  };
  const perVariant = spec.variants.flatMap((variant) => {
    const { minReplicas, maxReplicas, metric, targetInFlight } = variant.scaling;
    const modelServer: PlannedResource = {
      type: localTypes.modelServer,
      name: variant.name,
      summary: `${minReplicas === maxReplicas ? minReplicas : `${minReplicas} to ${maxReplicas}`} × ${
        "preset" in variant.model ? variant.model.preset : variant.model.image
      }`,
      inputs: {
        deploymentId,
        variant: variant.name,
        model: variant.model,
        healthPath: variant.healthPath,
        scaling: { minReplicas, maxReplicas, metric, targetInFlight },
        env: spec.env,
      },
      dependsOn: [],
    };
    const pool: PlannedResource = {
      type: localTypes.pool,
      name: variant.name,
      summary: "Its replicas in the load balancer, with health checks",
      inputs: {
        deploymentId,
        variant: variant.name,
        algorithm: spec.routing.algorithm,
        affinity: spec.routing.affinity,
        healthPath: variant.healthPath,
      },
      dependsOn: [resourceKey(modelServer), resourceKey(endpoint)],
    };
    return [modelServer, pool];
  });
  const routes: PlannedResource = {
    type: localTypes.routes,
    name: "routes",
    summary:
      spec.variants.length === 1
        ? `All requests to ${spec.variants[0]?.name}`
        : `${spec.routing.rules.length} rules, then weights ${spec.variants.map((v) => `${v.name} ${v.weight}`).join(", ")}`,
    inputs: {
      deploymentId,
      rules: spec.routing.rules,
      weights: spec.variants.map((v) => ({ variant: v.name, weight: v.weight })),
      affinity: spec.routing.affinity,
    },
    dependsOn: [
      resourceKey(endpoint),
      ...perVariant.filter((r) => r.type === localTypes.pool).map((r) => resourceKey(r)),
    ],
  };
  return [endpoint, ...perVariant, routes];
}
