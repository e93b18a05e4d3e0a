/** Why a kubeconfig isn't taken. Codes are stable. */
export type KubeconfigProblem =
  | "too_large"
  | "malformed"
  | "aliases"
  | "missing_context"
  | "missing_cluster"
  | "missing_user"
  | "bad_server"
  | "insecure"
  | "proxy"
  | "impersonation"
  | "exec"
  | "auth_provider"
  | "file_reference"
  | "basic_auth"
  | "no_credentials"
  | "bad_certificate"
  | "bad_token"
  | "expired";

/** A kubeconfig that isn't taken: a sentence that says what to do, in which nothing secret stands. */
export class KubeconfigError extends Error {
  override readonly name = "KubeconfigError";
  readonly code: KubeconfigProblem;
  /** the field of a form that it is about */
  readonly field: "kubeconfig" | "context";

  constructor(code: KubeconfigProblem, message: string, field: "kubeconfig" | "context" = "kubeconfig") {
    super(message);
    this.code = code;
    this.field = field;
  }
}
