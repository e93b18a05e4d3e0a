import type { Tx } from "#lib/db.ts";
import { notFound } from "#lib/errors.ts";
import { unseal, type SealingKey } from "#lib/secrets/seal.ts";
import { CredentialsError } from "#lib/targets/gke/credentials-error.ts";
import { parseServiceAccountKey, type ServiceAccountKey } from "#lib/targets/gke/credentials.ts";
import { tokenUriOf } from "#lib/targets/gke/endpoint-override.ts";
import { projectSettings, type ProjectSettings } from "#lib/targets/gke/project-settings.ts";
import { targetSettings, type TargetSettings } from "#lib/targets/target-input.ts";
import type { Target } from "#prisma/generated/client.ts";

/** All that the worker needs of a registered cluster. `kubeconfig` is a secret: for the engine and the API alone. */
export type OpenedCluster = {
  kind: "kubernetes";
  id: string;
  name: string;
  kubeconfig: string;
  /** the same whatever the kubeconfig: with it a new one replaces nothing */
  clusterIdentifier: string;
  settings: TargetSettings;
};

/** All that the worker needs of a registered Google project. A key is a secret, as a kubeconfig is. */
export type OpenedProject = {
  kind: "gke";
  id: string;
  name: string;
  /** `from: "worker"`: what the worker's own machine has (infra/google/worker-credentials.ts) */
  credentials: ServiceAccountKey | { from: "worker" };
  settings: ProjectSettings;
};

export type OpenedTarget = OpenedCluster | OpenedProject;

type Opening = { db: Tx; sealingKey: SealingKey };

/**
 * Opens the credentials of a registered target. For the worker alone.
 *
 * @param ctx.googleEndpoint SLUICE_GOOGLE_ENDPOINT, where tokens are asked for then; null: at Google
 * @throws SluiceError `not_found` once it is removed
 * @throws CredentialsError for a key that isn't taken (any more)
 * @throws UnsealError where it was sealed with another key
 */
export async function openTarget(
  ctx: Opening & { googleEndpoint: string | null },
  id: string,
): Promise<OpenedTarget> {
  const row = await findTarget(ctx, id);
  return row.kind === "gke" ? openProject(ctx, row) : clusterOf(ctx, row);
}

async function findTarget({ db }: Opening, id: string): Promise<Target> {
  const row = await db.target.findFirst({ where: { id, removedAt: null } });
  if (!row) throw notFound("target");
  return row;
}

function clusterOf({ sealingKey }: Opening, row: Target): OpenedCluster {
  const { id, name, credentials, clusterIdentifier, settings } = row;
  if (!credentials || !clusterIdentifier) throw notFound("target");
  return {
    kind: "kubernetes",
    id,
    name,
    kubeconfig: unseal(sealingKey, id, credentials),
    clusterIdentifier,
    settings: targetSettings.parse(settings),
  };
}

function openProject(
  { sealingKey, googleEndpoint }: Opening & { googleEndpoint: string | null },
  { id, name, credentials: sealed, settings: stored }: Target,
): OpenedProject {
  const settings = projectSettings.parse(stored);
  if (settings.account === "worker")
    return { kind: "gke", id, name, credentials: { from: "worker" }, settings };
  if (!sealed) throw notFound("target");
  const file = unseal(sealingKey, id, sealed);
  try {
    const credentials = parseServiceAccountKey(file, { tokenUri: tokenUriOf(googleEndpoint) });
    return { kind: "gke", id, name, credentials, settings };
  } catch (error) {
    if (!(error instanceof CredentialsError)) throw error;
    throw new CredentialsError(error.code, `The key of ${name} can't be used: ${error.message}`);
  }
}
