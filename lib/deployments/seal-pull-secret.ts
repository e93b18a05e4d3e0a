import type { SealingContext } from "#lib/context.ts";
import type { Tx } from "#lib/db.ts";
import type { PullSecretInput, Spec } from "#lib/deployments/spec.ts";
import { newId } from "#lib/ids.ts";
import { invalid } from "#lib/parse-input.ts";
import { seal } from "#lib/secrets/seal.ts";

type PullSecret = Spec["pullSecret"];

/**
 * Puts a registry's password sealed into the table of secrets, and its id into the spec.
 *
 * @throws SluiceError `invalid` where the password that is to stay isn't stored
 */
export async function sealPullSecret(
  tx: Tx,
  ctx: SealingContext,
  deploymentId: string,
  given: PullSecretInput | null,
  before: PullSecret = null,
): Promise<PullSecret> {
  const kept = pullSecretWithId(given, before);
  if (kept && given?.password !== undefined) {
    const sealed = seal(ctx.sealingKey, deploymentId, given.password);
    const data = { id: kept.secretId, deploymentId, name: "the registry's password", sealed };
    await tx.secret.create({ data: { ...data, createdAt: ctx.clock.now() } });
  }
  return kept;
}

/** As it would be stored, with a made-up id for a new password. */
export function pullSecretWithId(given: PullSecretInput | null, before: PullSecret): PullSecret {
  if (!given) return null;
  const { registry, username, password } = given;
  if (password !== undefined) return { registry, username, secretId: newId("sec") };
  // A password is for one registry and one user: it isn't sent to another.
  if (before?.registry !== registry || before.username !== username) {
    const message = "No password is stored for this registry and user. Enter it.";
    throw invalid([{ field: "pullSecret.password", message }]);
  }
  return before;
}
