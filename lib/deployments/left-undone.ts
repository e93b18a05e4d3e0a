import { isTerminal, type OperationStatus } from "#lib/operations/status.ts";

/**
 * Whether a deployment's newest operation is a tear-down that began and came to no good end. One that never began tells
 * nothing: what it was to tear down may serve, or an older operation may still work on it.
 */
export function isLeftUndone(newest: {
  kind: string;
  status: string;
  startedAt: Date | string | null;
}): boolean {
  const { kind, status, startedAt } = newest;
  const isUndone = isTerminal(status as OperationStatus) && status !== "succeeded";
  return kind === "destroy" && startedAt !== null && isUndone;
}
