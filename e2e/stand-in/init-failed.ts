import * as grpc from "@grpc/grpc-js";
import { Any, proto, Status, structOf } from "#e2e/stand-in/protocol.ts";

/**
 * An error of something that was made but isn't as it is to be. It carries all there is of it, so that the engine
 * remembers it and the next run goes on from there.
 */
export function initFailed(made: {
  id: string;
  message: string;
  why: string;
  inputs: object;
  state: object;
}): Partial<grpc.StatusObject> {
  const { id, message, why, inputs, state } = made;
  const detail = new proto.ErrorResourceInitFailed();
  detail.setId(id);
  detail.setProperties(structOf(state));
  detail.setInputs(structOf(inputs));
  detail.setReasonsList([why]);
  const packed = new Any();
  packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const status = new Status();
  status.setCode(grpc.status.UNKNOWN);
  status.setMessage(message);
  status.addDetails(packed);
  const metadata = new grpc.Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
  return { code: grpc.status.UNKNOWN, details: message, metadata };
}
