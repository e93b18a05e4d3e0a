/**
 * Why there can be no cluster here. `packages_missing`, `not_root`, `no_namespaces` and `not_in_namespace` are of the machine, so
 * that a suite can close as skipped by that name; the others are failures.
 */
export type ClusterReason =
  | "packages_missing"
  | "not_root"
  | "no_namespaces"
  | "not_in_namespace"
  | "already_running"
  | "program_ended"
  | "timed_out"
  | "refused";

/** `message` is a sentence for a person: what happened and what to do. */
export class ClusterError extends Error {
  readonly reason: ClusterReason;

  constructor(reason: ClusterReason, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = "ClusterError";
    this.reason = reason;
  }
}
