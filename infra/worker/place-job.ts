import { EngineError } from "#infra/engine/driver.ts";
import { runtimeSocketPath } from "#infra/local-runtime/socket-path.ts";
import type { JobTarget } from "#infra/runner/messages.ts";
import { proxyFiles } from "#infra/targets/kubernetes/proxy-files.ts";
import type { WorkerContext } from "#infra/worker/context.ts";
import { openSecrets, type OpenedSecrets } from "#infra/worker/open-secrets.ts";
import { placeInProject } from "#infra/worker/place-in-project.ts";
import type { Spec } from "#lib/deployments/spec.ts";
import { SluiceError } from "#lib/errors.ts";
import { CredentialsError } from "#lib/targets/gke/credentials-error.ts";
import { needsProxy } from "#lib/targets/kubernetes/load-balancer.ts";
import { planKubernetes } from "#lib/targets/kubernetes/plan.ts";
import { defaultProxyImage } from "#lib/targets/kubernetes/proxy-image.ts";
import { settingsOf } from "#lib/targets/kubernetes/settings-of.ts";
import type { KubernetesSecrets } from "#lib/targets/kubernetes/settings.ts";
import { planLocal } from "#lib/targets/local/plan.ts";
import { openTarget, type OpenedCluster } from "#lib/targets/open-target.ts";
import type { PlannedResource } from "#lib/targets/plan.ts";

export type PlacedJob = { target: JobTarget; plan: PlannedResource[] };

export type Placing = Pick<WorkerContext, "db" | "sealingKey" | "home" | "googleEndpoint">;

/**
 * Where a deployment runs and what is to be there.
 *
 * @param isLeaving nothing is to be there any more: then only the way there is needed
 * @param standIn what takes the place of a secret that isn't stored, for who only looks what would happen; without it, that
 *   is an error
 * @throws EngineError `target_refused` where the target is none of this portal's any more, or lacks a setting
 * @throws UnsealError
 */
export async function placeJob(
  ctx: Placing,
  deployment: { id: string; targetId: string | null },
  spec: Spec,
  isLeaving: boolean,
  standIn?: (secretId: string) => string,
): Promise<PlacedJob> {
  const { id, targetId } = deployment;
  if (targetId === null) {
    return {
      target: { kind: "local", runtimeSocket: runtimeSocketPath(ctx.home) },
      plan: isLeaving ? [] : planLocal(id, spec),
    };
  }
  try {
    const opened = await openTarget(ctx, targetId);
    const secrets = isLeaving ? { env: {} } : await openSecrets(ctx, id, spec, standIn);
    return opened.kind === "gke"
      ? await placeInProject(ctx, {
          ...{ opened, deploymentId: id, spec, secrets, isLeaving },
          isLook: standIn !== undefined,
        })
      : onCluster({ opened, deploymentId: id, spec, secrets, isLeaving });
  } catch (error) {
    if (!(error instanceof SluiceError || error instanceof CredentialsError)) throw error;
    throw new EngineError("target_refused", error.message, [], error);
  }
}

function onCluster({
  opened,
  deploymentId,
  spec,
  secrets,
  isLeaving,
}: {
  opened: OpenedCluster;
  deploymentId: string;
  spec: Spec;
  secrets: OpenedSecrets;
  isLeaving: boolean;
}): PlacedJob {
  const { kubeconfig, clusterIdentifier, settings } = opened;
  return {
    target: {
      kind: "kubernetes",
      kubeconfig,
      clusterIdentifier,
      publicHost: settings.publicHost,
      secrets: toClusterSecrets(spec, secrets),
    },
    plan: isLeaving ? [] : planOn(opened, deploymentId, spec),
  };
}

function planOn({ settings: of }: OpenedCluster, deploymentId: string, spec: Spec): PlannedResource[] {
  const settings = settingsOf(spec, of);
  const proxy = needsProxy(spec, settings)
    ? { image: of.proxyImage ?? defaultProxyImage, files: proxyFiles(deploymentId, spec, settings) }
    : null;
  return planKubernetes(deploymentId, spec, { ...settings, proxy });
}

/** On a cluster HTTPS ends there, so its key is there as well. */
function toClusterSecrets(
  { endpoint: { tls } }: Spec,
  { certificateKey, ...secrets }: OpenedSecrets,
): KubernetesSecrets {
  return tls.mode === "none" || certificateKey === undefined
    ? secrets
    : { ...secrets, tls: { "tls.crt": tls.certificate, "tls.key": certificateKey } };
}
