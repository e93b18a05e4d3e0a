import type { GoogleApi } from "#infra/google/api-client.ts";
import type { GoogleEndpoints } from "#infra/google/endpoints.ts";
import { EngineError } from "#infra/engine/driver.ts";
import type { ApiClient } from "#infra/kubernetes/api-client.ts";
import type { Job } from "#infra/runner/messages.ts";
import { adopt, type Adopted } from "#infra/targets/gke/adopt.ts";
import { askCluster } from "#infra/targets/gke/ask-cluster.ts";
import { awaitHealthy } from "#infra/targets/gke/await-healthy.ts";
import { explainPlugin } from "#infra/targets/gke/explain-plugin.ts";
import { explainGoogle } from "#infra/targets/gke/explain-google.ts";
import { endpointOf } from "#infra/targets/gke/outputs.ts";
import { gkePreflight } from "#infra/targets/gke/preflight.ts";
import { gkeProgram } from "#infra/targets/gke/program.ts";
import { removeLeftovers } from "#infra/targets/gke/sweep.ts";
import { everyTrouble } from "#infra/targets/kubernetes/every-trouble.ts";
import { explainFailure } from "#infra/targets/kubernetes/explain-failure.ts";
import { refuseForeign } from "#infra/targets/kubernetes/refuse-foreign.ts";
import { sweepNamespace } from "#infra/targets/kubernetes/inventory.ts";
import { kubernetesPreflight } from "#infra/targets/kubernetes/preflight.ts";
import type { RunnerTarget, Trouble } from "#infra/targets/target.ts";
import { refuseLoss } from "#lib/targets/gke/refuse-loss.ts";
import type { GkeSecrets, GkeSettings } from "#lib/targets/gke/settings.ts";

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
  settleMs: number;
};

/**
 * A trouble of a cluster's, where Google has work of its own to do there. A node has its GPUs once their driver is
 * installed, which takes minutes: until then no pod fits that asks for one. And a control plane may be silent for minutes
 * while nodes are made (hashicorp/terraform-provider-google#2034): that keeps waiting only what is made in the cluster.
 */
export function inProject(trouble: Trouble, hasGpus: boolean): Trouble {
  if (trouble.code === "no_node_fits" && hasGpus) return { ...trouble, mayPass: true };
  return trouble.code === "target_unreachable" ? { ...trouble, of: "kubernetes:" } : trouble;
}

export type GkeJob = Pick<Job, "deploymentId" | "spec" | "plan" | "before">;

/** A Google project: Google's parts, and a cluster in it. */
export function gkeTarget(job: GkeJob, input: GkeTargetInput): RunnerTarget {
  const { deploymentId, spec, plan, before } = job;
  const { settings, api } = input;
  const { project } = settings;
  const imports = new Map<string, string>();
  const hasGpus = settings.cluster.mode === "own" && settings.cluster.gpu !== null;
  const troublesIn = async (cluster: ApiClient, signal: AbortSignal) => {
    const found = await everyTrouble(cluster, job, signal);
    return found.map((one) => inProject(one, hasGpus));
  };
  const place = { deploymentId, settings, signal: input.signal };
  const inCluster = <T>(otherwise: T, ask: (cluster: ApiClient) => Promise<T>): Promise<T> =>
    askCluster(api, place, otherwise, ask);
  return {
    program: gkeProgram({ ...input, deploymentId, spec, imports }),
    runsAtDestroy: true,
    canLook: true,
    async preflight(signal) {
      await gkePreflight(api, { deploymentId, plan, settings, before }, signal);
      if (settings.cluster.mode === "existing" && plan.length > 0)
        await inCluster(undefined, (cluster) => kubernetesPreflight(cluster, deploymentId, signal));
    },
    async adopt(there, signal): Promise<Pick<Adopted, "looksFirst">> {
      const loss = refuseLoss(there, plan);
      if (loss) throw new EngineError("irreplaceable", loss);
      try {
        const asked = { deploymentId, plan, access: spec.endpoint.access };
        // Nobody else has anything in a cluster of its own, and one that is being made can't be asked.
        if (settings.cluster.mode === "existing")
          await inCluster(undefined, (cluster) => refuseForeign(cluster, asked, there, signal));
        const found = await adopt(api, { deploymentId, settings, plan, before: there }, signal);
        for (const [key, id] of found.imports) imports.set(key, id);
        return found;
      } catch (error) {
        throw explainGoogle(error, project);
      }
    },
    troubles: (signal) => inCluster([], (cluster) => troublesIn(cluster, signal)),
    async explain(error, failed) {
      const told = explainPlugin(error, project);
      return inCluster(told, (cluster) => explainFailure(cluster, job, told, failed)).catch(() => told);
    },
    async endpointOf(outputs) {
      await awaitHealthy(api, { project, plan }, input.signal).catch((error: unknown) => {
        throw error instanceof EngineError ? error : explainGoogle(error, project);
      });
      return endpointOf(outputs, spec, settings);
    },
    drift: null,
    async sweep(signal) {
      const ofProject = () => removeLeftovers(api, { project, deploymentId }, signal);
      if (settings.cluster.mode === "own") return ofProject();
      // The namespace keeps groups of pods' addresses, and what uses those keeps the namespace: they go together.
      await Promise.all([
        inCluster(undefined, (cluster) => sweepNamespace(cluster, deploymentId, signal)),
        ofProject(),
      ]);
      await ofProject();
    },
  };
}
