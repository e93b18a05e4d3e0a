/** Why credentials for Google aren't taken. Codes are stable. */
export type CredentialsProblem =
  | "too_large"
  | "malformed"
  | "wrong_type"
  | "missing_field"
  | "unknown_field"
  | "bad_email"
  | "bad_project"
  | "bad_key"
  | "foreign_endpoint"
  | "foreign_universe";

/** Credentials that aren't taken: a sentence that says what to do, in which nothing secret stands. */
export class CredentialsError extends Error {
  override readonly name = "CredentialsError";
  readonly code: CredentialsProblem;
  /** the field of the form that it is about */
  readonly field = "credentials";

  constructor(code: CredentialsProblem, message: string) {
    super(message);
    this.code = code;
  }
}
