/** The canonical status that Google gives beside each HTTP status. */
const statuses: Record<number, string> = {
  400: "INVALID_ARGUMENT",
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  409: "ALREADY_EXISTS",
  412: "FAILED_PRECONDITION",
  429: "RESOURCE_EXHAUSTED",
  500: "INTERNAL",
  501: "UNIMPLEMENTED",
  503: "UNAVAILABLE",
};

/** A refusal as Google's APIs send it. `reason` is the short name that clients go by. */
export class GoogleError extends Error {
  readonly code: number;
  readonly reason: string;
  readonly status: string;
  readonly details: object[];

  constructor(
    code: number,
    reason: string,
    message: string,
    options: { status?: string; details?: object[] } = {},
  ) {
    super(message);
    this.name = "GoogleError";
    this.code = code;
    this.reason = reason;
    this.status = options.status ?? statuses[code] ?? "UNKNOWN";
    this.details = options.details ?? [];
  }

  /** The body of the answer. */
  toJSON(): object {
    const { code, reason, message, status, details } = this;
    const errors = [{ message, domain: "global", reason }];
    return { error: { code, message, errors, status, ...(details.length > 0 && { details }) } };
  }
}

export const invalid = (message: string) => new GoogleError(400, "invalid", message);

/** Compute Engine's words for a value that it doesn't take. @param field such as `resource.name` */
export const invalidValue = (field: string, value: unknown, why: string) =>
  invalid(`Invalid value for field '${field}': '${printed(value)}'. ${why}`);

export const notFound = (path: string) =>
  new GoogleError(404, "notFound", `The resource '${path}' was not found`);

/** What Google would do here isn't modelled: said plainly, so that no test passes on a made-up answer. */
export const notModelled = (what: string) =>
  new GoogleError(501, "notImplemented", `The model of Google's APIs doesn't know ${what}.`);

function printed(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value ?? "");
}
