/** One problem with one field of what was sent. `field` is a path such as `variants.0.scaling.maxReplicas`. */
export type FieldError = {
  field: string;
  message: string;
  /** stable, where a script may want to tell this problem from others with the field */
  code?: string;
};

/** Every code that a caller can get, with its HTTP status. Codes are stable: scripts depend on them. */
export const errorStatus = {
  invalid: 422,
  malformed: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  name_taken: 409,
  conflict: 409,
  in_flight: 409,
  idempotency_mismatch: 422,
  too_large: 413,
  too_many: 429,
  unavailable: 503,
  internal: 500,
} as const;

export type ErrorCode = keyof typeof errorStatus;

/**
 * The only error that reaches a person. `message` is a sentence they can act on;
 * what only a log should hold goes into `cause`.
 */
export class SluiceError extends Error {
  readonly code: ErrorCode;
  readonly fields: FieldError[];

  constructor(code: ErrorCode, message: string, options: { fields?: FieldError[]; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = "SluiceError";
    this.code = code;
    this.fields = options.fields ?? [];
  }
}

/** The answer for an id that isn't there and for one that is another person's: the same. */
export function notFound(what: string): SluiceError {
  return new SluiceError("not_found", `There is no such ${what}, or it isn't yours.`);
}
