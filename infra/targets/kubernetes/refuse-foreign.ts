import { EngineError } from "#infra/engine/driver.ts";
import type { ApiClient, KubernetesObject } from "#infra/kubernetes/api-client.ts";
import { objectPath } from "#infra/kubernetes/object-path.ts";
import { explainCluster } from "#infra/targets/kubernetes/preflight.ts";
import { isOwn, isOwnKeys } from "#lib/targets/kubernetes/manifests/metadata.ts";
import { namespaceOf, objectNames } from "#lib/targets/kubernetes/settings.ts";
import { kubernetesTypes } from "#lib/targets/kubernetes/types.ts";
import { resourceKey, type PlannedResource } from "#lib/targets/plan.ts";

/** A plan may have other things too, such as Google's. */
const inNamespace: ReadonlySet<string> = new Set(
  Object.values(kubernetesTypes).filter((type) => type !== kubernetesTypes.namespace),
);

type Named = { apiVersion: string; kind: string; name: string };

/**
 * Looks whether anything that isn't ours has the name of what is about to be made in the deployment's namespace: the
 * engine takes over what it finds, and so would the worker its Secret. An interrupted attempt's objects have our labels.
 *
 * @param there what the engine knows of: that is ours, whatever was done to its labels
 * @throws EngineError `name_taken`, `target_unreachable` or `target_refused`
 */
export async function refuseForeign(
  api: ApiClient,
  job: { deploymentId: string; plan: PlannedResource[]; access: "open" | "private" },
  there: PlannedResource[],
  signal: AbortSignal,
): Promise<void> {
  const namespace = namespaceOf(job.deploymentId);
  const isForeign = async (one: Named) => {
    const found = await api.find(objectPath({ ...one, namespace }), signal);
    const isOurs = one.name === objectNames.proxyKeys ? isOwnKeys : isOwn;
    return found !== null && !isOurs(found, job.deploymentId);
  };
  const looks = aboutToBeMade(job, there).map(async (one) => ((await isForeign(one)) ? [one] : []));
  const foreign = await Promise.all(looks).then(
    (found) => found.flat(),
    (error: unknown) => {
      throw explainCluster(error);
    },
  );
  if (foreign.length === 0) return;
  const names = foreign.map(({ kind, name }) => `${kind} ${name}`).join(", ");
  const [are, them] = foreign.length === 1 ? ["isn't", "it"] : ["aren't", "them"];
  throw new EngineError(
    "name_taken",
    `The namespace ${namespace} already has ${names}, which ${are} labelled as this deployment's, so nothing was changed. Delete ${them} or bring ${them} there under another name, then retry.`,
  );
}

function aboutToBeMade(
  { plan, access }: { plan: PlannedResource[]; access: "open" | "private" },
  there: PlannedResource[],
): Named[] {
  const known = new Set(there.map(resourceKey));
  const made = plan
    .filter((one) => inNamespace.has(one.type) && !known.has(resourceKey(one)))
    .map(({ inputs }) => {
      const { apiVersion, kind, metadata } = inputs as KubernetesObject;
      return { apiVersion, kind, name: metadata.name };
    });
  const keys = { apiVersion: "v1", kind: "Secret", name: objectNames.proxyKeys };
  return access === "private" ? [...made, keys] : made;
}
