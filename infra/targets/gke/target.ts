import type { GoogleApi } from "#infra/google/api-client.ts";
import type { GoogleEndpoints } from "#infra/google/endpoints.ts";
import { EngineError } from "#infra/engine/driver.ts";
import { apiClient, type ApiClient } from "#infra/kubernetes/api-client.ts";
import type { Job } from "#infra/runner/messages.ts";
import { adopt, type Adopted } from "#infra/targets/gke/adopt.ts";
import { accessOf, clusterLink, longToken, readControlPlane } from "#infra/targets/gke/cluster-access.ts";
import { explained } from "#infra/targets/gke/explained.ts";
import { endpointOf } from "#infra/targets/gke/outputs.ts";
import { gkePreflight } from "#infra/targets/gke/preflight.ts";
import { gkeProgram } from "#infra/targets/gke/program.ts";
import { removeLeftovers } from "#infra/targets/gke/sweep.ts";
import { everyTrouble } from "#infra/targets/kubernetes/every-trouble.ts";
import { explainFailure } from "#infra/targets/kubernetes/explain-failure.ts";
import { kubernetesPreflight } from "#infra/targets/kubernetes/preflight.ts";
import type { RunnerTarget } from "#infra/targets/target.ts";
import { refuseLoss } from "#lib/targets/gke/refuse-loss.ts";
import type { GkeSecrets, GkeSettings } from "#lib/targets/gke/settings.ts";
import { kubernetesTypes } from "#lib/targets/kubernetes/types.ts";

export type GkeTargetInput = {
  settings: GkeSettings;
  secrets: GkeSecrets;
  api: GoogleApi;
  /** where the APIs are instead of at Google; null: there */
  endpoints: GoogleEndpoints | null;
  putFiles: ((bucket: string) => Promise<void>) | null;
  /** is told the address as soon as it is reserved */
  onAddress(ip: string): void;
  signal: AbortSignal;
  /** how long a backend service stays after the last change of the URL map, in milliseconds */
  settleMs?: number;
};

type GkeJob = Pick<Job, "deploymentId" | "spec" | "plan" | "before">;

/** A Google project: Google's parts, and a cluster in it. */
export function gkeTarget(job: GkeJob, input: GkeTargetInput): RunnerTarget {
  const { deploymentId, spec, plan, before } = job;
  const { settings, api } = input;
  const { project } = settings;
  const imports = new Map<string, string>();
  /** What it gives where there is a cluster; `otherwise` where there is none (yet). */
  const inCluster = async <T>(otherwise: T, ask: (cluster: ApiClient) => Promise<T>): Promise<T> => {
    const plane = await readControlPlane(api, clusterLink(deploymentId, settings), input.signal);
    if (plane === null) return otherwise;
    const cluster = apiClient(accessOf(plane, await longToken(api.tokens)));
    return ask(cluster).finally(() => cluster.close());
  };
  return {
    program: gkeProgram({ ...input, deploymentId, spec, imports }),
    runsAtDestroy: true,
    // As on the Kubernetes target: an autoscaler that went before a change that then failed is in the state still.
    looksAfterFailure: plan.some(({ type }) => type === kubernetesTypes.autoscaler),
    async preflight(signal) {
      await gkePreflight(api, { deploymentId, plan, settings, before }, signal);
      if (settings.cluster.mode === "existing" && plan.length > 0)
        await inCluster(undefined, (cluster) => kubernetesPreflight(cluster, deploymentId, signal));
    },
    async adopt(there, signal): Promise<Pick<Adopted, "looksFirst">> {
      const loss = refuseLoss(there, plan);
      if (loss) throw new EngineError("irreplaceable", loss);
      try {
        const found = await adopt(api, { deploymentId, settings, plan, before: there }, signal);
        for (const [key, id] of found.imports) imports.set(key, id);
        return found;
      } catch (error) {
        throw explained(error, project);
      }
    },
    troubles: (signal) => inCluster([], (cluster) => everyTrouble(cluster, job, signal)),
    explain: (error, failed) =>
      inCluster(error, (cluster) => explainFailure(cluster, job, error, failed)).catch(() => error),
    endpointOf: async (outputs) => endpointOf(outputs, spec, settings),
    drift: null,
    sweep: (signal) => removeLeftovers(api, { project, deploymentId }, signal),
  };
}
