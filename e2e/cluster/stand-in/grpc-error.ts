import { Unready } from "#e2e/cluster/stand-in/cluster-objects.ts";
import { initFailed } from "#e2e/stand-in/init-failed.ts";
import type { KubernetesObject } from "#infra/kubernetes/api-client.ts";

/**
 * An error as the engine reads it. Of an object that was made but isn't ready it carries all there is of it, so that
 * the engine remembers it and the next run goes on from there.
 */
export function grpcError(
  error: unknown,
  object: KubernetesObject,
  inputs: object,
  stateOf: (found: KubernetesObject) => Record<string, unknown>,
): unknown {
  const { name, namespace } = object.metadata;
  const id = namespace ? `${namespace}/${name}` : name;
  const why = error instanceof Error ? error.message : String(error);
  if (!(error instanceof Unready)) {
    return new Error(`${object.kind} ${id} was not accepted by the API server: ${why}`, { cause: error });
  }
  const message = `${object.kind} ${id} was applied, but didn't become ready: ${why}`;
  return initFailed({ id, message, why, inputs, state: stateOf(error.object) });
}
