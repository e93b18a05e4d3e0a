import { EngineError } from "#infra/engine/driver.ts";
import { runtimeSocketPath } from "#infra/local-runtime/socket-path.ts";
import type { JobTarget } from "#infra/runner/messages.ts";
import { proxyFiles } from "#infra/targets/kubernetes/proxy-files.ts";
import type { WorkerContext } from "#infra/worker/context.ts";
import type { Spec } from "#lib/deployments/spec.ts";
import { SluiceError } from "#lib/errors.ts";
import { unseal } from "#lib/secrets/seal.ts";
import { needsProxy } from "#lib/targets/kubernetes/load-balancer.ts";
import { planKubernetes } from "#lib/targets/kubernetes/plan.ts";
import { defaultProxyImage } from "#lib/targets/kubernetes/proxy-image.ts";
import { settingsOf } from "#lib/targets/kubernetes/settings-of.ts";
import type { KubernetesSecrets } from "#lib/targets/kubernetes/settings.ts";
import { planLocal } from "#lib/targets/local/plan.ts";
import { openTarget, type OpenedTarget } from "#lib/targets/open-target.ts";
import type { PlannedResource } from "#lib/targets/plan.ts";

export type PlacedJob = { target: JobTarget; plan: PlannedResource[] };

type Placing = Pick<WorkerContext, "db" | "sealingKey" | "home">;

/**
 * Where a deployment runs and what is to be there.
 *
 * @param isLeaving nothing is to be there any more: then only the way there is needed
 * @param standIn what takes the place of a secret that isn't stored; without it, that is an error
 * @throws EngineError `target_refused` where the cluster is none of this portal's any more, or lacks a setting
 * @throws UnsealError
 */
export async function placeJob(
  ctx: Placing,
  deployment: { id: string; targetId: string | null },
  spec: Spec,
  isLeaving: boolean,
  standIn?: (secretId: string) => string,
): Promise<PlacedJob> {
  if (deployment.targetId === null) {
    return {
      target: { kind: "local", runtimeSocket: runtimeSocketPath(ctx.home) },
      plan: isLeaving ? [] : planLocal(deployment.id, spec),
    };
  }
  try {
    const opened = await openTarget(ctx, deployment.targetId);
    const { kubeconfig, clusterIdentifier, settings } = opened;
    return {
      target: {
        kind: "kubernetes",
        kubeconfig,
        clusterIdentifier,
        publicHost: settings.publicHost,
        secrets: isLeaving ? { env: {} } : await secretsOf(ctx, deployment.id, spec, standIn),
      },
      plan: isLeaving ? [] : planOn(opened, deployment.id, spec),
    };
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error;
    throw new EngineError("target_refused", error.message, [], error);
  }
}

function planOn({ settings: of }: OpenedTarget, deploymentId: string, spec: Spec): PlannedResource[] {
  const settings = settingsOf(spec, of);
  const proxy = needsProxy(spec, settings)
    ? { image: of.proxyImage ?? defaultProxyImage, files: proxyFiles(deploymentId, spec, settings) }
    : null;
  return planKubernetes(deploymentId, spec, { ...settings, proxy });
}

/** What the program makes Secrets of. */
async function secretsOf(
  ctx: Placing,
  deploymentId: string,
  spec: Spec,
  standIn?: (secretId: string) => string,
): Promise<KubernetesSecrets> {
  const rows = await ctx.db.secret.findMany({ where: { deploymentId } });
  const open = (secretId: string) => {
    const row = rows.find(({ id }) => id === secretId);
    if (row) return unseal(ctx.sealingKey, deploymentId, row.sealed);
    if (standIn) return standIn(secretId);
    throw new Error(`The secret ${secretId} isn't stored.`);
  };
  const { tls } = spec.endpoint;
  const { pullSecret } = spec;
  return {
    env: Object.fromEntries(
      spec.env.map((entry) => [entry.name, "value" in entry ? entry.value : open(entry.secretId)]),
    ),
    ...(pullSecret && { pull: { ".dockerconfigjson": dockerConfig(pullSecret, open(pullSecret.secretId)) } }),
    ...(tls.mode !== "none" && { tls: { "tls.crt": tls.certificate, "tls.key": open(tls.keyId) } }),
  };
}

/** As `docker login` writes it: what a Secret of type kubernetes.io/dockerconfigjson holds. */
function dockerConfig(of: NonNullable<Spec["pullSecret"]>, password: string): string {
  const { registry, username } = of;
  const auth = Buffer.from(`${username}:${password}`).toString("base64");
  return JSON.stringify({ auths: { [registry]: { username, password, auth } } });
}
