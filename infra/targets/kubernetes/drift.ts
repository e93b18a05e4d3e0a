import type { EngineSeen } from "#infra/engine/pulumi-look.ts";
import type { ApiClient, KubernetesObject } from "#infra/kubernetes/api-client.ts";
import { objectPath } from "#infra/kubernetes/object-path.ts";
import type { DriftItem } from "#lib/targets/drift.ts";
import { declaredDrift } from "#lib/targets/kubernetes/declared-drift.ts";
import type { KubernetesSecrets } from "#lib/targets/kubernetes/settings.ts";
import { resourceKey, type PlannedResource } from "#lib/targets/plan.ts";
import { secretName } from "#lib/targets/secret-input.ts";

/**
 * What of a deployment was changed or deleted by hand. What the engine read tells all but the values of Secrets, which
 * it keeps from sight: those are asked for here.
 *
 * @param plan what is to be there, with the names of its secrets
 * @throws ApiError or ApiUnreachable
 */
export async function kubernetesDrift(
  api: ApiClient,
  seen: EngineSeen[],
  plan: PlannedResource[],
  secrets: KubernetesSecrets,
  signal: AbortSignal,
): Promise<DriftItem[]> {
  const planned = new Map(plan.map((one) => [resourceKey(one), one]));
  const items = await Promise.all(
    seen.map(async ({ type, name, declared, live }): Promise<DriftItem | null> => {
      if (live === null) return { type, name, gone: true, what: "It was deleted." };
      const one = planned.get(resourceKey({ type, name }));
      const said = [
        declaredDrift(declared, live),
        one && (await secretDrift(api, one, secrets, signal)),
      ].filter((text) => text !== null && text !== undefined);
      return said.length === 0 ? null : { type, name, gone: false, what: `${said.join("; ")}.` };
    }),
  );
  return items.filter((item) => item !== null).sort((a, b) => Number(b.gone) - Number(a.gone));
}

type SecretInputs = Pick<KubernetesObject, "apiVersion" | "kind" | "metadata"> & { stringData?: unknown };

/** Which of a Secret's values aren't those that were given; the values themselves are told nobody. */
async function secretDrift(
  api: ApiClient,
  { inputs }: PlannedResource,
  secrets: KubernetesSecrets,
  signal: AbortSignal,
): Promise<string | null> {
  const { apiVersion, kind, metadata, stringData } = inputs as SecretInputs;
  const given = secrets[secretName(stringData) as keyof KubernetesSecrets];
  if (!given) return null;
  const { name, namespace } = metadata;
  const found = await api.find(objectPath({ apiVersion, kind, name, namespace }), signal);
  const data = (found?.data ?? {}) as Record<string, string>;
  const other = Object.entries(given)
    .filter(([key, value]) => data[key] !== Buffer.from(value).toString("base64"))
    .map(([key]) => key);
  return other.length === 0 ? null : `another value of ${other.join(", ")}`;
}
