import * as grpc from "@grpc/grpc-js";
import { Unready } from "#e2e/cluster/stand-in/cluster-objects.ts";
import { Any, proto, Status, structOf } from "#e2e/cluster/stand-in/protocol.ts";
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
  const metadata = new grpc.Metadata();
  if (!(error instanceof Unready)) {
    const message = `${object.kind} ${id} was not accepted by the API server: ${why}`;
    return { code: grpc.status.UNKNOWN, message, metadata };
  }
  const message = `${object.kind} ${id} was applied, but didn't become ready: ${why}`;
  const detail = new proto.ErrorResourceInitFailed();
  detail.setId(id);
  detail.setProperties(structOf(stateOf(error.object)));
  detail.setInputs(structOf(inputs));
  detail.setReasonsList([why]);
  const packed = new Any();
  packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const status = new Status();
  status.setCode(grpc.status.UNKNOWN);
  status.setMessage(message);
  status.addDetails(packed);
  metadata.add("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
  return { code: grpc.status.UNKNOWN, message, metadata };
}
