import type { WorkerContext } from "#infra/worker/context.ts";
import type { Spec } from "#lib/deployments/spec.ts";
import { unseal } from "#lib/secrets/seal.ts";

/** A deployment's secrets in plain, as programs need them. */
export type OpenedSecrets = {
  /** each variable with its value, plain ones among them */
  env: Record<string, string>;
  /** `.dockerconfigjson` */
  pull?: Record<string, string>;
  /** PEM of the key to the spec's certificate */
  certificateKey?: string;
};

/**
 * What the program makes secrets of.
 *
 * @param standIn what takes the place of a secret that isn't stored; without it, that is an error
 * @throws UnsealError
 */
export async function openSecrets(
  ctx: Pick<WorkerContext, "db" | "sealingKey">,
  deploymentId: string,
  spec: Spec,
  standIn?: (secretId: string) => string,
): Promise<OpenedSecrets> {
  const rows = await ctx.db.secret.findMany({ where: { deploymentId } });
  const open = (secretId: string) => {
    const row = rows.find(({ id }) => id === secretId);
    if (row) return unseal(ctx.sealingKey, deploymentId, row.sealed);
    if (standIn) return standIn(secretId);
    throw new Error(`The secret ${secretId} isn't stored.`);
  };
  const { pullSecret } = spec;
  const { tls } = spec.endpoint;
  return {
    env: Object.fromEntries(
      spec.env.map((entry) => [entry.name, "value" in entry ? entry.value : open(entry.secretId)]),
    ),
    ...(pullSecret && { pull: { ".dockerconfigjson": dockerConfig(pullSecret, open(pullSecret.secretId)) } }),
    ...(tls.mode !== "none" && { certificateKey: open(tls.keyId) }),
  };
}

/** As `docker login` writes it: what a Secret of type kubernetes.io/dockerconfigjson holds. */
function dockerConfig(of: NonNullable<Spec["pullSecret"]>, password: string): string {
  const { registry, username } = of;
  const auth = Buffer.from(`${username}:${password}`).toString("base64");
  return JSON.stringify({ auths: { [registry]: { username, password, auth } } });
}
