import type { SealingContext } from "#lib/context.ts";
import type { Tx } from "#lib/db.ts";
import type { NormalizedDeployment } from "#lib/deployments/normalize-spec.ts";
import { envWithIds, sealEnv } from "#lib/deployments/seal-env.ts";
import { pullSecretWithId, sealPullSecret } from "#lib/deployments/seal-pull-secret.ts";
import { previewTls, sealTls } from "#lib/deployments/seal-tls.ts";
import { claimArchiveOf } from "#lib/deployments/spec-archive.ts";
import type { Spec } from "#lib/deployments/spec.ts";
import type { Place } from "#lib/targets/place.ts";
import { namesOf, readChain } from "#lib/tls/read-certificate.ts";

type Wanted = Pick<NormalizedDeployment, "draft" | "place">;

/**
 * A draft as it is stored: each new secret sealed in its table, and its id in the spec; another archive of static files
 * than before is the deployment's from now on.
 *
 * @param before of the revision before: its secrets stay where nothing new is given
 * @throws SluiceError `invalid` at the secret, certificate, key or archive that can't be taken
 */
export async function sealSpec(
  tx: Tx,
  ctx: SealingContext,
  deploymentId: string,
  { draft, place }: Wanted,
  before: Spec | null = null,
): Promise<Spec> {
  const env = await sealEnv(tx, ctx, deploymentId, draft.env, secretIds(before));
  const hosted = { ...ctx, endpointHost: endpointHostOf(ctx, place, deploymentId, before) };
  const tls = await sealTls(tx, hosted, deploymentId, draft.endpoint.tls, before?.endpoint.tls);
  const pullSecret = await sealPullSecret(tx, ctx, deploymentId, draft.pullSecret, before?.pullSecret);
  await claimArchiveOf(tx, ctx, deploymentId, draft, before);
  return { ...draft, env, endpoint: { ...draft.endpoint, tls }, pullSecret };
}

/** The spec as it would be stored, with made-up ids for new secrets: for a preview, which stores nothing. */
export async function specOfPreview(
  ctx: Pick<SealingContext, "clock" | "endpointHost">,
  deploymentId: string,
  { draft, place }: Wanted,
  before: Spec | null,
): Promise<Spec> {
  const env = envWithIds(draft.env, secretIds(before));
  const hosted = { ...ctx, endpointHost: endpointHostOf(ctx, place, deploymentId, before) };
  const tls = await previewTls(hosted, draft.endpoint.tls, before?.endpoint.tls);
  const pullSecret = pullSecretWithId(draft.pullSecret, before?.pullSecret ?? null);
  return { ...draft, env, endpoint: { ...draft.endpoint, tls }, pullSecret };
}

/**
 * What a self-signed certificate is for. A cluster's address isn't known before it is there, so there it is a name
 * of the deployment's own, unless an admin said by which host the cluster is reached. While nothing is known of the
 * cluster, it is for whom it was, so that no change in that time takes away what callers trust.
 */
function endpointHostOf(
  { endpointHost }: Pick<SealingContext, "endpointHost">,
  { kind, offers }: Place,
  deploymentId: string,
  before: Spec | null,
): string | undefined {
  if (kind === "local") return endpointHost;
  const tls = before?.endpoint.tls;
  const [own] = offers === null && tls?.mode === "self-signed" ? readChain(tls.certificate) : [];
  const known = own ? namesOf(own)[0] : offers?.publicHost;
  return known ?? `${deploymentId}.sluice.internal`;
}

/** The secrets of an environment, by name. */
function secretIds(spec: Spec | null): Map<string, string> {
  return new Map(
    (spec?.env ?? []).flatMap((entry) =>
      "secretId" in entry ? [[entry.name, entry.secretId] as const] : [],
    ),
  );
}
