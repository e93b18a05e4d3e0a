import { apiClient, type ApiClient } from "#infra/kubernetes/api-client.ts";
import { objectPath } from "#infra/kubernetes/object-path.ts";
import type { Job, JobTarget } from "#infra/runner/messages.ts";
import { awaitGateway } from "#infra/targets/kubernetes/await-gateway.ts";
import { kubernetesDrift } from "#infra/targets/kubernetes/drift.ts";
import { sweepNamespace } from "#infra/targets/kubernetes/inventory.ts";
import { endpointOf } from "#infra/targets/kubernetes/outputs.ts";
import { everyTrouble } from "#infra/targets/kubernetes/every-trouble.ts";
import { explainFailure } from "#infra/targets/kubernetes/explain-failure.ts";
import { explainCluster, kubernetesPreflight } from "#infra/targets/kubernetes/preflight.ts";
import { kubernetesProgram } from "#infra/targets/kubernetes/program.ts";
import { refuseForeign } from "#infra/targets/kubernetes/refuse-foreign.ts";
import type { RunnerTarget } from "#infra/targets/target.ts";
import { parseKubeconfig } from "#lib/targets/kubernetes/parse-kubeconfig.ts";
import { kubernetesTypes } from "#lib/targets/kubernetes/types.ts";

/**
 * A cluster that one has, by its kubeconfig.
 *
 * @throws KubeconfigError if the kubeconfig isn't one that is taken, or is over
 */
export function kubernetesTarget(
  job: Pick<Job, "deploymentId" | "spec" | "plan">,
  target: Extract<JobTarget, { kind: "kubernetes" }>,
): RunnerTarget {
  const api = apiClient(parseKubeconfig(target.kubeconfig, { now: new Date() }));
  return {
    program: kubernetesProgram(target),
    runsAtDestroy: true,
    canLook: true,
    preflight: (signal) => kubernetesPreflight(api, job.deploymentId, signal),
    async adopt(there, signal) {
      const { deploymentId, plan, spec } = job;
      await refuseForeign(api, { deploymentId, plan, access: spec.endpoint.access }, there, signal);
      return { looksFirst: false };
    },
    troubles: (signal) => everyTrouble(api, job, signal),
    explain: (error, failed) => explainFailure(api, job, error, failed),
    async endpointOf(outputs, signal) {
      const hasGateway = job.plan.some(({ type }) => type === kubernetesTypes.gateway);
      const found = hasGateway ? { gateway: await awaitGateway(api, job.deploymentId, signal) } : outputs;
      return endpointOf(found, job.spec, async () => target.publicHost ?? nodeHost(api));
    },
    drift: (seen, plan, signal) => kubernetesDrift(api, seen, plan, target.secrets, signal),
    sweep: (signal) =>
      sweepNamespace(api, job.deploymentId, signal).catch((error: unknown) => {
        throw explainCluster(error);
      }),
  };
}

/** An address of a node that takes pods: one for outside if there is any. */
async function nodeHost(api: ApiClient): Promise<string | null> {
  const path = objectPath({ apiVersion: "v1", kind: "Node" });
  const { items } = (await api.request({ method: "GET", path })) as {
    items: { status?: { addresses?: { type: string; address: string }[] } }[];
  };
  const addresses = items.flatMap(({ status }) => status?.addresses ?? []);
  const kinds = ["ExternalIP", "ExternalDNS", "InternalIP"];
  return kinds.map((kind) => addresses.find(({ type }) => type === kind)?.address).find(Boolean) ?? null;
}
