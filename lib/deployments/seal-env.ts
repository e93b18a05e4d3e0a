import type { SealingContext } from "#lib/context.ts";
import type { Tx } from "#lib/db.ts";
import type { SpecDraft } from "#lib/deployments/normalize-spec.ts";
import type { Spec } from "#lib/deployments/spec.ts";
import { newId } from "#lib/ids.ts";
import { invalid } from "#lib/parse-input.ts";
import { seal } from "#lib/secrets/seal.ts";

/**
 * Puts each new secret sealed into its table and its id into the spec. A new value gets a new id, so that the
 * replicas that hold the older one are seen to differ.
 *
 * @param kept ids of the secrets of the revision before, by name
 * @throws SluiceError `invalid` where `keep` names a secret that isn't stored
 */
export async function sealEnv(
  tx: Tx,
  ctx: SealingContext,
  deploymentId: string,
  env: SpecDraft["env"],
  kept: ReadonlyMap<string, string> = new Map(),
): Promise<Spec["env"]> {
  const withIds = env.map((entry, index) => withSecretId(entry, index, kept));
  const fresh = withIds.flatMap(({ entry, secret }) =>
    secret === undefined || !("secretId" in entry)
      ? []
      : [
          {
            id: entry.secretId,
            deploymentId,
            name: entry.name,
            sealed: seal(ctx.sealingKey, deploymentId, secret),
            createdAt: ctx.clock.now(),
          },
        ],
  );
  if (fresh.length > 0) await tx.secret.createMany({ data: fresh });
  return withIds.map(({ entry }) => entry);
}

/** The spec as it would be stored, with made-up ids for new secrets: for a preview, which stores nothing. */
export function envWithIds(
  env: SpecDraft["env"],
  kept: ReadonlyMap<string, string> = new Map(),
): Spec["env"] {
  return env.map((entry, index) => withSecretId(entry, index, kept).entry);
}

function withSecretId(
  entry: SpecDraft["env"][number],
  index: number,
  kept: ReadonlyMap<string, string>,
): { entry: Spec["env"][number]; secret?: string } {
  if (entry.value !== undefined) return { entry: { name: entry.name, value: entry.value } };
  if (entry.secret !== undefined) {
    return { entry: { name: entry.name, secretId: newId("sec") }, secret: entry.secret };
  }
  const secretId = kept.get(entry.name);
  if (!secretId) {
    throw invalid([
      { field: `env.${index}.keep`, message: "No secret is stored under this name. Enter its value." },
    ]);
  }
  return { entry: { name: entry.name, secretId } };
}
