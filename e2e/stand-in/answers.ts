import * as grpc from "@grpc/grpc-js";
import type * as Proto from "@pulumi/pulumi/proto/provider_pb.js";
import type { Problem } from "#e2e/stand-in/check-inputs.ts";
import { fieldsOf, proto, type Fields } from "#e2e/stand-in/protocol.ts";
import { opened } from "#e2e/stand-in/secret-values.ts";

// What every provider's answers to the engine have in common.

/** Of a URN such as `urn:pulumi:stack::project::a:b:C$kubernetes:apps/v1:Deployment::name`. */
export function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

/** The fields of a request, secrets opened. */
export function clear(given: Parameters<typeof fieldsOf>[0]): Fields {
  return opened(fieldsOf(given)) as Fields;
}

export function checked(request: Proto.CheckRequest, problems: Problem[]): Proto.CheckResponse {
  const failures = problems.map(({ property, reason }) =>
    withSetters(new proto.CheckFailure(), { setProperty: property, setReason: reason }),
  );
  return withSetters(new proto.CheckResponse(), {
    setInputs: request.getNews(),
    setFailuresList: failures,
  });
}

/** @param deletesFirst whether the old one has to go before the new one can be there */
export function different(
  { diffs, replaces }: { diffs: string[]; replaces: string[] },
  deletesFirst = replaces.length > 0,
): Proto.DiffResponse {
  const { DIFF_SOME, DIFF_NONE } = proto.DiffResponse.DiffChanges;
  return withSetters(new proto.DiffResponse(), {
    setChanges: diffs.length > 0 ? DIFF_SOME : DIFF_NONE,
    setDiffsList: [...new Set(diffs.map((path) => path.split(".")[0]!))],
    setReplacesList: replaces,
    setDeletebeforereplace: deletesFirst,
  });
}

/** Calls setters of a message by name, each with its value. */
export function withSetters<Message extends object>(
  message: Message,
  values: Partial<Record<keyof Message, unknown>>,
): Message {
  for (const [name, value] of Object.entries(values)) {
    (message[name as keyof Message] as (value: unknown) => void).call(message, value);
  }
  return message;
}

/** One request, one answer; what goes wrong is the answer's error. */
export function unary<Request>(
  answer: (request: Request) => unknown,
): grpc.handleUnaryCall<Request, unknown> {
  return ({ request }, callback) => {
    Promise.resolve()
      .then(() => answer(request))
      .then(
        (response) => callback(null, response),
        (error: unknown) => callback(asServiceError(error)),
      );
  };
}

function asServiceError(error: unknown): Partial<grpc.StatusObject> {
  if (typeof error === "object" && error !== null && "code" in error && "metadata" in error)
    return error as grpc.StatusObject;
  return {
    code: grpc.status.UNKNOWN,
    details: error instanceof Error ? error.message : String(error),
  };
}
