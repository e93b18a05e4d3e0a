import { failureText } from "#infra/local-runtime/provider/failure.ts";
import type { FailureCode } from "#lib/deployments/status.ts";

/** An error of the program or of a hook: the engine hands on its text alone, so its code rides in that. */
export function hookFailure(code: FailureCode, message: string): Error {
  return new Error(failureText({ code, message, logLines: [] }));
}
