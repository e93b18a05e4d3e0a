import { EngineError } from "#infra/engine/driver.ts";
import { googleEndpoints } from "#infra/google/endpoints.ts";
import { projectApi } from "#infra/google/project-api.ts";
import { workerCredentials } from "#infra/google/worker-credentials.ts";
import { settledDomains } from "#infra/targets/gke/settled-domains.ts";
import { proxyFiles } from "#infra/targets/kubernetes/proxy-files.ts";
import type { OpenedSecrets } from "#infra/worker/open-secrets.ts";
import type { PlacedJob, Placing } from "#infra/worker/place-job.ts";
import { readArchive } from "#lib/archives/read-archive.ts";
import type { Spec } from "#lib/deployments/spec.ts";
import { CredentialsError } from "#lib/targets/gke/credentials-error.ts";
import type { WorkerCredentials } from "#lib/targets/gke/credentials.ts";
import { loadBalancerOf } from "#lib/targets/gke/load-balancer.ts";
import { planGke } from "#lib/targets/gke/plan.ts";
import { behindGoogle } from "#lib/targets/gke/proxy-place.ts";
import { settingsOf } from "#lib/targets/gke/settings-of.ts";
import type { GkeSettings } from "#lib/targets/gke/settings.ts";
import { defaultProxyImage } from "#lib/targets/kubernetes/proxy-image.ts";
import type { OpenedProject } from "#lib/targets/open-target.ts";

type Wanted = {
  opened: OpenedProject;
  deploymentId: string;
  spec: Spec;
  secrets: OpenedSecrets;
  isLeaving: boolean;
  /** nothing is made or changed: no files are needed */
  isLook: boolean;
};

/**
 * A deployment in a Google project: who asks there, and what is to be there.
 *
 * @throws SluiceError `conflict` where the target lacks an image prefix, `not_found` where static files aren't stored any more
 * @throws EngineError `target_refused` where the worker's machine has no account to ask as
 */
export async function placeInProject(ctx: Placing, wanted: Wanted): Promise<PlacedJob> {
  const { opened, deploymentId, spec, secrets, isLeaving, isLook } = wanted;
  const { googleEndpoint } = ctx;
  const credentials = await whoAsks(opened, googleEndpoint);
  const settings = await settingsNow(wanted, { credentials, googleEndpoint });
  const id = spec.google?.staticContent?.archive;
  const zip = id && !isLeaving && !isLook ? await readArchive(ctx.db, { id, deploymentId }) : null;
  return {
    target: {
      kind: "gke",
      settings,
      secrets,
      credentials,
      googleEndpoint,
      // The runner has no way to the database.
      archive: zip && zip.toString("base64"),
    },
    plan: isLeaving ? [] : planGke(deploymentId, spec, settings),
  };
}

async function whoAsks(
  { credentials }: OpenedProject,
  googleEndpoint: string | null,
): Promise<WorkerCredentials> {
  if (!("from" in credentials)) return credentials;
  try {
    return await workerCredentials(googleEndpoints(googleEndpoint));
  } catch (error) {
    if (!(error instanceof CredentialsError)) throw error;
    throw new EngineError("target_refused", `The worker's own account can't be used: ${error.message}`);
  }
}

function projectSettingsOf({ opened, deploymentId, spec, isLeaving }: Wanted): GkeSettings {
  const { imagePrefix, proxyImage } = opened.settings;
  // What goes pulls nothing, so it doesn't wait for a prefix either.
  const of = { ...opened.settings, imagePrefix: imagePrefix ?? (isLeaving ? "none" : null) };
  const settings = settingsOf(deploymentId, spec, of);
  if (loadBalancerOf(spec) !== "google-and-proxy") return { ...settings, proxy: null };
  const proxy = {
    image: proxyImage ?? defaultProxyImage,
    files: proxyFiles(deploymentId, spec, behindGoogle(settings)),
  };
  return { ...settings, proxy };
}

async function settingsNow(
  wanted: Wanted,
  how: { credentials: WorkerCredentials; googleEndpoint: string | null },
): Promise<GkeSettings> {
  const settings = projectSettingsOf(wanted);
  if (wanted.isLeaving) return settings;
  const { api } = projectApi({ ...how, project: settings.project });
  return settledDomains(api, wanted.deploymentId, settings);
}
