import { errorStatus, type FieldError, type SluiceError } from "#lib/errors.ts";
import { apiHeaders } from "#lib/web/api-headers.ts";

const titles: Record<SluiceError["code"], string> = {
  invalid: "Something in the request needs a change",
  malformed: "The request can't be read",
  unauthenticated: "Not signed in",
  forbidden: "Not allowed",
  not_found: "Not found",
  method_not_allowed: "Not a method of this address",
  name_taken: "The name is taken",
  conflict: "Not possible as things are",
  in_flight: "The same request is under way",
  idempotency_mismatch: "The Idempotency-Key was used for another request",
  too_large: "The request is too large",
  too_many: "Too many requests",
  unavailable: "Not available just now",
  internal: "Something went wrong",
};

export type Problem = {
  type: string;
  title: string;
  status: number;
  code: SluiceError["code"];
  detail: string;
  errors: FieldError[];
};

/** An error as RFC 9457 says it. `code` is stable; `detail` is a sentence for a person. */
export function toProblem(error: SluiceError): Problem {
  return {
    type: `urn:sluice:problem:${error.code}`,
    title: titles[error.code],
    status: errorStatus[error.code],
    code: error.code,
    detail: error.message,
    errors: error.fields,
  };
}

export function problemResponse(error: SluiceError, headers: Record<string, string> = {}): Response {
  const problem = toProblem(error);
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: {
      ...apiHeaders,
      "content-type": "application/problem+json",
      ...(error.code === "unauthenticated" ? { "www-authenticate": "Bearer" } : {}),
      ...(error.code === "unavailable" ? { "retry-after": "2" } : {}),
      ...headers,
    },
  });
}
